namespace Peili.Crds.Schema;

/// <summary>A CEL rule over the field or the whole record; with functions that Kubernetes 1.25 has.</summary>
/// <param name="rule">The expression; what must hold.</param>
/// <param name="message">Begins with "must".</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Class, AllowMultiple = true)]
internal sealed class RuleAttribute(string rule, string message) : Attribute
{
    public string Rule { get; } = rule;

    public string Message { get; } = message;

    /// <summary>Whether it is over each item of the list, not over the list.</summary>
    public bool OnItems { get; set; }
}
