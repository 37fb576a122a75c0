namespace Peili.NodeAgent.Commands;

/// <summary>How a command writes its answer.</summary>
internal enum OutputFormat
{
    /// <summary>For people.</summary>
    Table,

    /// <summary>For programs.</summary>
    Json,

    /// <summary>For programs, and people who look over their shoulders.</summary>
    Yaml,
}
