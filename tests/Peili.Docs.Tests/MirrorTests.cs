using System.Text.Json;
using System.Text.Json.Serialization;
using Peili.Crds;
using Peili.Crds.Tests.Support;
using Peili.Docs.Tests.Support;

namespace Peili.Docs.Tests;

/// <summary>RegistryMirrors that a reader would copy are such as the API server takes.</summary>
public sealed class MirrorTests
{
    private static readonly JsonSerializerOptions s_strict = new(CrdJson.Default.Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    [Fact]
    public void Every_RegistryMirror_has_fields_that_there_are_and_keeps_the_rules()
    {
        var mirrors = Page.All.SelectMany(page => page.Blocks.Where(block => block.Language == "yaml"))
            .SelectMany(block => YamlDocuments.Read(block.Text).Where(document => document["kind"]?.ToString() == CrdKinds.RegistryMirror.Kind)).ToArray();

        mirrors.ShouldNotBeEmpty();
        foreach (var mirror in mirrors)
        {
            mirror["apiVersion"]!.ToString().ShouldBe(CrdKinds.RegistryMirror.ApiVersion);
            mirror["spec"].Deserialize<RegistryMirrorSpec>(s_strict);
            RegistryMirrorValidation.Validate(mirror.Deserialize(CrdJson.Default.RegistryMirror)!).ShouldBeEmpty();
        }
    }
}
