namespace Peili.Toml;

/// <summary>One step of a path into a document: a key of a table or an index of an array.</summary>
public readonly record struct TomlStep
{
    private TomlStep(string? key, int index)
    {
        Key = key;
        Index = index;
    }

    /// <summary>The key; null where the step is an index.</summary>
    public string? Key { get; }

    /// <summary>The index, from 0; meaningless where the step is a key.</summary>
    public int Index { get; }

    /// <summary>A step by a key.</summary>
    public static implicit operator TomlStep(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new TomlStep(key, 0);
    }

    /// <summary>A step by an index.</summary>
    public static implicit operator TomlStep(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return new TomlStep(null, index);
    }

    /// <summary>The key, or the index in brackets.</summary>
    public override string ToString() => Key ?? $"[{Index}]";
}
