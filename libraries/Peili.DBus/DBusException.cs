namespace Peili.DBus;

/// <summary>A method call was answered by an error.</summary>
public sealed class DBusException : Exception
{
    /// <summary>Makes it.</summary>
    /// <param name="errorName">Such as <c>org.freedesktop.systemd1.NoSuchUnit</c>.</param>
    /// <param name="errorMessage">What the other side says for people; may be empty.</param>
    public DBusException(string errorName, string errorMessage)
        : base(errorMessage.Length == 0 ? errorName : $"{errorName}: {errorMessage}")
    {
        ErrorName = errorName;
        ErrorMessage = errorMessage;
    }

    /// <summary>The error's name, by which programs tell errors apart.</summary>
    public string ErrorName { get; }

    /// <summary>What the other side says for people; may be empty.</summary>
    public string ErrorMessage { get; }
}
