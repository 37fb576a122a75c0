using Peili.Crds.Generator;

if (args is not [var folder, var page])
{
    await Console.Error.WriteLineAsync(
        "Usage: Peili.Crds.Generator FOLDER PAGE\nWrites the manifests of the custom resources, under FOLDER/legacy those for servers that know no CEL rules, and their reference in Markdown.");
    return 64;
}

foreach (var (path, text) in Manifests.All.Select(file => (Path.Combine(folder, file.Key), file.Value)).Append((page, ApiPage.Text)))
{
    Directory.CreateDirectory(Path.GetDirectoryName(path)!);
    await File.WriteAllTextAsync(path, text);
}

return 0;
