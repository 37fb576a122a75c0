namespace Peili.Grpc;

/// <summary>How a call ended: the codes of gRPC's doc/statuscodes.md, with their numbers on the wire.</summary>
public enum StatusCode
{
    /// <summary>Success.</summary>
    OK = 0,

    /// <summary>The call was cancelled, as a rule by its caller.</summary>
    Cancelled = 1,

    /// <summary>The cause is not known to this side: a status of another system, or an answer that is not gRPC.</summary>
    Unknown = 2,

    /// <summary>The request is wrong whatever the state of the server is.</summary>
    InvalidArgument = 3,

    /// <summary>The deadline passed first. The server may have done the work all the same.</summary>
    DeadlineExceeded = 4,

    /// <summary>What the request names does not exist.</summary>
    NotFound = 5,

    /// <summary>What the request would create exists.</summary>
    AlreadyExists = 6,

    /// <summary>The caller is known but may not do this.</summary>
    PermissionDenied = 7,

    /// <summary>A quota, a memory bound or a message size limit was reached.</summary>
    ResourceExhausted = 8,

    /// <summary>The server's state does not allow this; repeating does not help until the state is changed.</summary>
    FailedPrecondition = 9,

    /// <summary>A concurrent change got in the way; the whole sequence may be repeated.</summary>
    Aborted = 10,

    /// <summary>An offset or index lies past the end.</summary>
    OutOfRange = 11,

    /// <summary>The server does not know this method.</summary>
    Unimplemented = 12,

    /// <summary>An invariant is broken, which includes a breach of the protocol by the server.</summary>
    Internal = 13,

    /// <summary>The server cannot be reached now; repeating the call after a while is right.</summary>
    Unavailable = 14,

    /// <summary>Data was lost or corrupted for good.</summary>
    DataLoss = 15,

    /// <summary>The request carries no valid credentials.</summary>
    Unauthenticated = 16,
}
