using System.Text.Json;
using System.Text.Json.Nodes;

namespace Peili.Bench.Results;

/// <summary>The file that every bench adds its figures to: one flat JSON object of numbers.</summary>
internal static class FigureFile
{
    private const int Digits = 4;
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true };

    /// <summary>Puts the figures in, over older ones of the same keys, and leaves all others. The file changes whole or not at all.</summary>
    /// <exception cref="JsonException">The file is there and is no JSON object.</exception>
    public static void Merge(string path, IEnumerable<Figure> figures)
    {
        var document = File.Exists(path) ? Read(path) : [];
        foreach (var figure in figures)
        {
            document[figure.Key] = Math.Round(figure.Value, Digits);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = $"{path}.new";
        File.WriteAllText(temporary, document.ToJsonString(Format) + "\n");
        File.Move(temporary, path, overwrite: true);
    }

    private static JsonObject Read(string path) =>
        JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? throw new JsonException($"{path} is no JSON object");
}
