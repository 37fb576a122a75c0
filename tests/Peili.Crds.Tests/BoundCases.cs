namespace Peili.Crds.Tests;

/// <summary>What is too long, too many, too large or of another type.</summary>
public static class BoundCases
{
    public static TheoryData<string> Refused { get; } =
    [
        $$"""{"registries":["{{new string('a', 261)}}"]}""",
        """{"registries":["a","a"]}""",
        $$"""{"filters":["{{new string('a', 513)}}"]}""",
        """{"filters":[""]}""",
        $$"""{"filters":[{{string.Join(',', Enumerable.Range(0, 33).Select(number => $"\"{number}\""))}}]}""",
        $$$"""{"nodeSelector":{{{{string.Join(',', Enumerable.Range(0, 33).Select(number => $"\"a{number}\":\"\""))}}}}}""",
        """{"additionalMirrors":[{"url":"http://a"},{"url":"http://a"}]}""",
        """{"additionalMirrors":[{"registries":["docker.io"]}]}""",
        """{"resolveTags":"Sometimes"}""",
        """{"relay":{"mode":true}}""",
        """{"containerd":{"remediation":false}}""",
        """{"ports":{"registry":80}}""",
        """{"ports":{"registry":65536}}""",
        """{"ports":{"registry":0}}""",
        """{"uploads":{"concurrent":-1}}""",
        """{"updateStrategy":{"maxUnavailable":0}}""",
        """{"updateStrategy":{"maxUnavailable":"0%"}}""",
        """{"updateStrategy":{"maxUnavailable":"101%"}}""",
        """{"updateStrategy":{"maxUnavailable":true}}""",
        """{"agent":{"resources":{"limits":{"memory":"256MB"}}}}""",
        """{"agent":{"resources":{"limits":{"memory":-1}}}}""",
        """{"agent":{"logLevel":"Trace"}}""",
        """{"tolerations":[{"key":"a","operator":"In"}]}""",
    ];
}
