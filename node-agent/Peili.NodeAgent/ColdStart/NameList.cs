namespace Peili.NodeAgent.ColdStart;

/// <summary>Node names for a log line; put together only if that is written.</summary>
internal readonly record struct NameList(IEnumerable<string> Names)
{
    public override string ToString() => string.Join(' ', Names);
}
