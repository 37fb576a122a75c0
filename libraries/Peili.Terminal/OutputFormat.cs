namespace Peili.Terminal;

/// <summary>How a command writes its answer.</summary>
public enum OutputFormat
{
    /// <summary>For people: what matters, fitted to the terminal.</summary>
    Table,

    /// <summary>For people: every column, and nothing cut off.</summary>
    Wide,

    /// <summary>For programs.</summary>
    Json,

    /// <summary>For programs, and people who look over their shoulders.</summary>
    Yaml,
}
