namespace Peili.Flavors;

/// <summary>A flavor file is wrong, or no flavor has the name asked for; the message says which and what is known.</summary>
public sealed class FlavorException : Exception
{
    /// <summary>Creates it.</summary>
    public FlavorException(string message)
        : base(message)
    {
    }

    /// <summary>Creates it with its cause.</summary>
    public FlavorException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates it without a message.</summary>
    public FlavorException()
    {
    }
}
