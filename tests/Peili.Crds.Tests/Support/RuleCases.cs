using Peili.Crds.Schema;

namespace Peili.Crds.Tests.Support;

/// <summary>Every rule of RegistryMirror.</summary>
public static class RuleCases
{
    private static readonly string s_digest = new('a', 64);

    public static IReadOnlyList<RuleCase> All { get; } =
    [
        new(
            Messages.Name,
            ["""{"metadata":{"name":"a"},"spec":{}}""", $$$"""{"metadata":{"name":"{{{new string('a', 40)}}}"}}"""],
            ["""{"metadata":{"name":"a.b"},"spec":{}}""", $$$"""{"metadata":{"name":"{{{new string('a', 41)}}}"}}"""]),
        new(
            Messages.SomebodyResolves,
            [
                """{"resolveTags":"Never"}""",
                """{"upstreamFallback":false}""",
                """{"resolveTags":"Always","upstreamFallback":false}""",
                """{"resolveTags":"Never","upstreamFallback":false,"additionalMirrors":[{"url":"http://a"}]}""",
            ],
            ["""{"resolveTags":"Never","upstreamFallback":false}""", """{"resolveTags":"Never","upstreamFallback":false,"additionalMirrors":[]}"""]),
        new(
            Messages.RegistriesOfMirrors,
            [
                """{"additionalMirrors":[{"url":"http://a","registries":["quay.io"]}]}""",
                """{"registries":["docker.io","quay.io"],"additionalMirrors":[{"url":"http://a","registries":["quay.io"]},{"url":"http://b"}]}""",
            ],
            ["""{"registries":["docker.io"],"additionalMirrors":[{"url":"http://b"},{"url":"http://a","registries":["docker.io","quay.io"]}]}"""]),
        new(
            Messages.Filter,
            ["""{"filters":["^docker\\.io/secret/.*:latest$","a|b"]}""", """{"filters":["(?i)x{2,3}","[a-z-]+"]}"""],
            ["""{"filters":["("]}""", """{"filters":["a","(?<!b)c"]}""", """{"filters":["(a)\\1"]}"""]),
        new(
            Messages.FilterClasses,
            ["""{"filters":["^[^/]+:[0-9]+/x"]}"""],
            ["""{"filters":["[[:alpha:]]"]}""", """{"filters":["[a-z-[aeiou]]"]}"""]),
        new(
            Messages.DockerHub,
            ["""{"registries":["docker.io","my.index.docker.io"]}"""],
            ["""{"registries":["quay.io","index.docker.io"]}""", """{"registries":["registry-1.docker.io"]}"""]),
        new(
            Messages.NoOwnLabels,
            ["""{"nodeSelector":{"peili.dev/pool":"a"}}"""],
            ["""{"nodeSelector":{"peili.dev/mirror":"a"}}""", """{"nodeSelector":{"peili.dev/flavor":"k3s"}}"""]),
        new(
            Messages.LinuxOnly,
            ["""{"nodeSelector":{"kubernetes.io/os":"linux"}}""", """{"nodeSelector":{"a":"windows"}}"""],
            ["""{"nodeSelector":{"kubernetes.io/os":"windows"}}"""]),
        new(
            Messages.KeyOrExists,
            ["""{"tolerations":[{"operator":"Exists"},{"key":"a"},{"key":"a","operator":"Equal","value":"b"}]}""", """{"tolerations":[]}"""],
            ["""{"tolerations":[{"operator":"Exists"},{}]}""", """{"tolerations":[{"key":"","value":"a"}]}""", """{"tolerations":[{"operator":"Equal","value":"a"}]}"""]),
        new(
            Messages.NoValueWithExists,
            ["""{"tolerations":[{"key":"a","operator":"Exists","value":""}]}"""],
            ["""{"tolerations":[{"key":"a","operator":"Exists","value":"b"}]}"""]),
        new(
            Messages.NoExecuteWithSeconds,
            ["""{"tolerations":[{"key":"a","effect":"NoExecute","tolerationSeconds":30}]}"""],
            ["""{"tolerations":[{"key":"a","tolerationSeconds":30}]}""", """{"tolerations":[{"key":"a","effect":"NoSchedule","tolerationSeconds":30}]}"""]),
        new(
            Messages.FourPorts,
            ["""{"ports":{"registry":5000,"peer":5001,"ops":5002,"metrics":5003}}""", """{"ports":{"registry":29954}}"""],
            [
                """{"ports":{"registry":29951}}""",
                """{"ports":{"registry":5000,"peer":5000}}""",
                """{"ports":{"ops":5000,"metrics":5000}}""",
                """{"ports":{"metrics":29950}}""",
                """{"ports":{"peer":29953}}""",
                """{"ports":{"peer":29952}}""",
                """{"ports":{"ops":29950}}""",
            ]),
        new(Messages.WaitAtMost, ["""{"relay":{"wait":"1m"}}""", """{"relay":{"wait":"0"}}"""], ["""{"relay":{"wait":"1m1s"}}""", """{"relay":{"wait":"60001ms"}}"""]),
        new(
            Messages.HttpsWithAuthority,
            ["""{"additionalMirrors":[{"url":"https://a","caSecretRef":{"name":"ca"}},{"url":"http://a","headersSecretRef":{"name":"x"}}]}"""],
            ["""{"additionalMirrors":[{"url":"http://a","caSecretRef":{"name":"ca"}}]}"""]),
        new(
            Messages.HttpsWithCredentials,
            ["""{"additionalMirrors":[{"url":"https://a","credentialsSecretRef":{"name":"ca"}}]}"""],
            ["""{"additionalMirrors":[{"url":"http://a","credentialsSecretRef":{"name":"ca"}}]}"""]),
        new(
            Messages.NoPeiliVariables,
            ["""{"agent":{"env":[{"name":"HTTPS_PROXY","value":"http://proxy:3128"},{"name":"MY_PEILI_X"}]}}"""],
            ["""{"agent":{"env":[{"name":"PEILI_NODE_NAME","value":"x"}]}}"""]),
        new(
            Messages.ValueOrSource,
            ["""{"agent":{"env":[{"name":"A","value":"","valueFrom":{"fieldRef":{"fieldPath":"status.hostIP"}}}]}}"""],
            ["""{"agent":{"env":[{"name":"A","value":"a","valueFrom":{"fieldRef":{"fieldPath":"status.hostIP"}}}]}}"""]),
        new(
            Messages.OneSource,
            [
                """{"agent":{"env":[{"name":"A","valueFrom":{"secretKeyRef":{"name":"s","key":"k","optional":true}}},{"name":"B","valueFrom":{"configMapKeyRef":{"name":"s","key":"k"}}}]}}""",
                """{"agent":{"env":[{"name":"A","valueFrom":{"resourceFieldRef":{"resource":"limits.memory","divisor":"1Mi"}}}]}}""",
            ],
            [
                """{"agent":{"env":[{"name":"A","valueFrom":{}}]}}""",
                """{"agent":{"env":[{"name":"A","valueFrom":{"fieldRef":{"fieldPath":"status.hostIP"},"secretKeyRef":{"name":"s","key":"k"}}}]}}""",
            ]),
        new(
            Patterns.RegistryHostMessage,
            ["""{"registries":["docker.io","localhost:5000","10.0.0.1","[fd00::1]:5000"]}"""],
            [
                """{"registries":["https://docker.io"]}""",
                """{"registries":["docker.io/library"]}""",
                """{"registries":["*"]}""",
                """{"registries":["_default"]}""",
                """{"registries":["docker.io:"]}""",
                """{"registries":["docker.io\n"]}""",
                """{"additionalMirrors":[{"url":"http://a","registries":["quay.io "]}]}""",
            ],
            IsPattern: true),
        new(
            Patterns.HttpUrlMessage,
            ["""{"additionalMirrors":[{"url":"http://10.0.0.10:5000"},{"url":"https://cache.example.com/docker/hub"},{"url":"http://[fd00::1]:5000/"}]}"""],
            [
                """{"additionalMirrors":[{"url":"cache.example.com"}]}""",
                """{"additionalMirrors":[{"url":"ftp://cache.example.com"}]}""",
                """{"additionalMirrors":[{"url":"https://cache.example.com?ns=docker.io"}]}""",
                """{"additionalMirrors":[{"url":"https://user:password@cache.example.com"}]}""",
                """{"additionalMirrors":[{"url":"https://cache.example.com/#x"}]}""",
                """{"additionalMirrors":[{"url":"https://cache.example.com/a b"}]}""",
            ],
            IsPattern: true),
        new(
            Patterns.ObjectNameMessage,
            ["""{"additionalMirrors":[{"url":"https://a","headersSecretRef":{"name":"a.b-c"}}]}"""],
            [
                """{"additionalMirrors":[{"url":"https://a","headersSecretRef":{"name":"A"}}]}""",
                """{"additionalMirrors":[{"url":"https://a","caSecretRef":{"name":"a/b"}}]}""",
                """{"additionalMirrors":[{"url":"https://a","credentialsSecretRef":{"name":"-a"}}]}""",
                """{"agent":{"env":[{"name":"A","valueFrom":{"secretKeyRef":{"name":"s_","key":"k"}}}]}}""",
                """{"agent":{"env":[{"name":"A","valueFrom":{"configMapKeyRef":{"name":"s_","key":"k"}}}]}}""",
            ],
            IsPattern: true),
        new(
            Patterns.LabelValueMessage,
            ["""{"nodeSelector":{"a":"","b":"x_Y.z-1"},"tolerations":[{"key":"a","value":"b"}]}"""],
            ["""{"nodeSelector":{"a":"b c"}}""", """{"nodeSelector":{"a":"-b"}}""", """{"tolerations":[{"key":"a","value":"b/c"}]}"""],
            IsPattern: true),
        new(
            Patterns.LabelKeyMessage,
            ["""{"nodeSelector":{"topology.kubernetes.io/zone":"a","Pool_1.x":"b"}}"""],
            ["""{"nodeSelector":{"a b":"c"}}""", """{"nodeSelector":{"/a":"c"}}""", """{"nodeSelector":{"a/b/c":"d"}}""", """{"nodeSelector":{"":"d"}}"""]),
        new(
            Patterns.ImageReferenceMessage,
            [
                """{"agent":{"image":""}}""",
                """{"agent":{"image":"registry.example.com:5000/peili/peili-agent:0.1.0"}}""",
                $$$"""{"agent":{"image":"peili.dev/peili-agent@sha256:{{{s_digest}}}"}}""",
                $$$"""{"agent":{"image":"peili.dev/peili-agent:0.1.0@sha256:{{{s_digest}}}"}}""",
            ],
            ["""{"agent":{"image":"https://registry/peili-agent agent"}}""", """{"agent":{"image":"peili-agent@sha256:abc"}}""", """{"agent":{"image":"/x"}}"""],
            IsPattern: true),
        new(
            Patterns.EnvironmentNameMessage,
            ["""{"agent":{"env":[{"name":"_A.b-c1"}]}}"""],
            ["""{"agent":{"env":[{"name":"1A"}]}}""", """{"agent":{"env":[{"name":"A=B"}]}}"""],
            IsPattern: true),
        new(
            Patterns.HostPathMessage,
            ["""{"containerd":{"socketPath":"/run/containerd/containerd.sock","contentPath":"/a/b","hostsPath":"/etc/containerd/certs.d","configPath":""}}"""],
            [
                """{"containerd":{"socketPath":"run/containerd.sock"}}""",
                """{"containerd":{"socketPath":"/containerd.sock"}}""",
                """{"containerd":{"socketPath":"unix:///run/containerd/containerd.sock"}}""",
                """{"containerd":{"contentPath":"/var/lib//containerd"}}""",
                """{"containerd":{"hostsPath":"/etc/containerd/certs.d:/etc/docker/certs.d"}}""",
                """{"containerd":{"hostsPath":"/etc/containerd/certs.d/"}}""",
                """{"containerd":{"configPath":"/"}}""",
                """{"containerd":{"configPath":"/etc/../config.toml"}}""",
                """{"containerd":{"contentPath":"/var/./containerd"}}""",
            ],
            IsPattern: true),
        new(
            Patterns.DurationMessage,
            ["""{"relay":{"wait":"1.5s"}}""", """{"relay":{"wait":"250ms"}}""", """{"relay":{"wait":"0m30s"}}"""],
            ["""{"relay":{"wait":"2"}}""", """{"relay":{"wait":"-2s"}}""", """{"relay":{"wait":"2 s"}}""", """{"relay":{"wait":"1d"}}"""],
            IsPattern: true),
        new(
            Patterns.RateMessage,
            ["""{"relay":{"minRate":"0"}}""", """{"relay":{"minRate":"1Gi"}}"""],
            ["""{"relay":{"minRate":"256KB"}}""", """{"relay":{"minRate":"1.5Mi"}}"""],
            IsPattern: true),
        new(
            Patterns.PositiveRateMessage,
            ["""{"uploads":{"rate":"100M"}}""", """{"uploads":{"rate":""}}"""],
            ["""{"uploads":{"rate":"-1"}}""", """{"uploads":{"rate":"10 M"}}""", """{"uploads":{"rate":"0"}}"""],
            IsPattern: true),
    ];
}
