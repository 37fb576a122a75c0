using Peili.Chart.Generator;

if (args is not [var folder])
{
    await Console.Error.WriteLineAsync("Usage: Peili.Chart.Generator CONFIG\nWrites the Helm chart CONFIG/chart from the kustomizations below CONFIG. What is written by hand there is left alone.");
    return 64;
}

foreach (var (name, text) in ChartFiles.Create(folder))
{
    var path = Path.Combine(folder, "chart", name);
    Directory.CreateDirectory(Path.GetDirectoryName(path)!);
    await File.WriteAllTextAsync(path, text);
}

return 0;
