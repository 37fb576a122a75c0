namespace Peili.DBus;

/// <summary>What a message is; the numbers are the protocol's.</summary>
public enum MessageType
{
    /// <summary>None of the known ones; such messages are ignored.</summary>
    Invalid = 0,

    /// <summary>A call of a method.</summary>
    MethodCall = 1,

    /// <summary>A call's answer.</summary>
    MethodReturn = 2,

    /// <summary>A call's answer: it failed.</summary>
    Error = 3,

    /// <summary>Something happened.</summary>
    Signal = 4,
}
