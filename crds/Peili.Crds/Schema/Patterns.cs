using System.Text.RegularExpressions;

namespace Peili.Crds.Schema;

/// <summary>How things are written, in the syntax that RE2 and .NET share, and how that is said.</summary>
internal static class Patterns
{
    public const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    public const string RegistryHost = @"^([A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?$";
    public const string RegistryHostMessage = "must be a registry's host or host:port, such as docker.io or 10.0.0.10:5000, without scheme and path";

    public const string HttpUrl = @"^https?://([A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?(/[^\s?#]*)?$";
    public const string HttpUrlMessage = "must be an http:// or https:// URL of host, port and path, without user, query and fragment";

    /// <summary>Two elements at least, for the parent directory is mounted and must not be the root; no colon, for that makes lists; neither . nor ..</summary>
    public const string HostPath = @"^(/(\.?[^./:\s][^/:\s]*|\.\.[^/:\s]+)){2,}$";
    public const string HostPathMessage =
        "must be an absolute path of at least two elements, such as /run/containerd/containerd.sock, without colons, blanks, double or final slashes, . and ..";

    public const string ImageReference = @"^[A-Za-z0-9][-A-Za-z0-9._:/]*(@sha256:[0-9a-f]{64})?$";
    public const string ImageReferenceMessage = "must be an image's name, such as registry.example.com/peili-agent:0.1.0 or one with @sha256:...";

    public const string Duration = @"^(0|([0-9]+(\.[0-9]+)?(ms|s|m|h))+)$";
    public const string DurationMessage = "must be a duration of numbers with ms, s, m or h, such as 1.5s or 1m30s";

    public const string Quantity = @"^[0-9]{1,15}(\.[0-9]{1,9})?(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$";
    public const string QuantityMessage = "must be a quantity, such as 500m, 64Mi or 1Gi";

    public const string Rate = @"^[0-9]{1,12}(k|M|G|Ki|Mi|Gi)?$";
    public const string RateMessage = "must be a whole number of bytes a second with at most k, M, G, Ki, Mi or Gi after it, such as 256Ki";

    public const string PositiveRate = @"^[1-9][0-9]{0,11}(k|M|G|Ki|Mi|Gi)?$";
    public const string PositiveRateMessage = "must be a whole number of bytes a second from 1 on, with at most k, M, G, Ki, Mi or Gi after it, such as 100M";

    public const string IntOrPercent = "^([1-9][0-9]{0,3}|[1-9][0-9]?%|100%)$";
    public const string IntOrPercentMessage = "must be a number from 1 to 9999 or a percentage from 1% to 100%; with none, no update would ever begin";

    public const string LabelKey = @"^(([a-z0-9]([-a-z0-9]*[a-z0-9])?)(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$";
    public const string LabelKeyMessage = "must be the name of a label, such as kubernetes.io/arch";

    public const string LabelValue = "^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$";
    public const string LabelValueMessage = "must be the value of a label: at most 63 letters, digits, dashes, underscores and dots, with a letter or digit first and last";

    public const string ObjectName = @"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";
    public const string ObjectNameMessage = "must be the name of an object: lower-case letters, digits, dashes and dots, with a letter or digit first and last";

    public const string ShortName = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";

    public const string EnvironmentName = "^[-._A-Za-z][-._A-Za-z0-9]*$";
    public const string EnvironmentNameMessage = "must be the name of a variable: letters, digits, underscores, dashes and dots, and no digit first";

    public const string DecimalNumber = "^[0-9]+$";
    public const string DecimalNumberMessage = "must be a decimal number";
}
