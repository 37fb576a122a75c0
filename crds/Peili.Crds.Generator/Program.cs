using Peili.Crds.Generator;

if (args is not [var folder])
{
    await Console.Error.WriteLineAsync("Usage: Peili.Crds.Generator FOLDER\nWrites the manifests of the custom resources, and under FOLDER/legacy those for servers that know no CEL rules.");
    return 64;
}

foreach (var (name, text) in Manifests.All)
{
    var path = Path.Combine(folder, name);
    Directory.CreateDirectory(Path.GetDirectoryName(path)!);
    await File.WriteAllTextAsync(path, text);
}

return 0;
