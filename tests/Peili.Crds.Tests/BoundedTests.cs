using System.Collections;
using System.Reflection;
using Peili.Crds.Schema;

namespace Peili.Crds.Tests;

/// <summary>Whatever the operator writes into a status keeps to the schema's bounds.</summary>
public sealed class BoundedTests
{
    private static readonly Type[] s_records =
    [
        typeof(RegistryMirrorStatus), typeof(FlavorStatus), typeof(PodSecurityStatus), typeof(NodeMirrorStatusStatus), typeof(NodeFinding), typeof(RegistryStatus),
        typeof(NodePodSecurityStatus), typeof(AgentStatus),
    ];

    public static TheoryData<string, string> Texts { get; } = Properties(property => property.PropertyType == typeof(string));

    public static TheoryData<string, string> Lists { get; } = Properties(property => property.GetCustomAttribute<ItemsAttribute>() is not null);

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_text_is_cut(string record, string name)
    {
        var (target, property) = Find(record, name);
        var max = property.GetCustomAttribute<LengthAttribute>()!.Max;

        property.SetValue(target, new string('x', max));
        property.GetValue(target).ShouldBe(new string('x', max));

        property.SetValue(target, new string('x', 100_000));
        property.GetValue(target).ShouldBe(new string('x', max - 1) + "\u2026");
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public void A_list_is_cut(string record, string name)
    {
        var (target, property) = Find(record, name);

        property.SetValue(target, Array.CreateInstance(property.PropertyType.GetGenericArguments()[0], 1000));

        ((ICollection)property.GetValue(target)!).Count.ShouldBe(property.GetCustomAttribute<ItemsAttribute>()!.Max);
    }

    [Fact]
    public void No_character_is_cut_in_two()
    {
        var text = new PodSecurityStatus { Enforce = string.Concat(Enumerable.Repeat("\U0001F600", 40)) }.Enforce;

        text.ShouldBe(string.Concat(Enumerable.Repeat("\U0001F600", 31)) + "\u2026");
        new PodSecurityStatus { Enforce = "a" + string.Concat(Enumerable.Repeat("\U0001F600", 40)) }.Enforce
            .ShouldBe("a" + string.Concat(Enumerable.Repeat("\U0001F600", 30)) + "\u2026");
    }

    private static TheoryData<string, string> Properties(Func<PropertyInfo, bool> which) =>
        [.. s_records.SelectMany(record => record.GetProperties().Where(which).Select(property => (record.Name, property.Name)))];

    private static (object Target, PropertyInfo Property) Find(string record, string name)
    {
        var type = s_records.Single(type => type.Name == record);
        return (Activator.CreateInstance(type)!, type.GetProperty(name)!);
    }
}
