namespace Peili.Toml.Tests.Support;

/// <summary>An edit of a document given as a string.</summary>
internal static class Edit
{
    public static string Set(string toml, ReadOnlySpan<TomlStep> path, TomlValue value)
    {
        var document = TomlDocument.Parse(toml);
        document.Set(path, value);
        return document.ToString();
    }

    public static string Remove(string toml, params ReadOnlySpan<TomlStep> path)
    {
        var document = TomlDocument.Parse(toml);
        document.Remove(path).ShouldBeTrue();
        document.Find(path).ShouldBeNull();
        return document.ToString();
    }

    public static string InsertBefore(string toml, ReadOnlySpan<TomlStep> sibling, string key, TomlValue value)
    {
        var document = TomlDocument.Parse(toml);
        document.InsertBefore(sibling, key, value);
        return document.ToString();
    }
}
