using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Peili.LocalCluster;
using Peili.LocalCluster.Agents;

namespace Peili.Docs.Tests.Support;

/// <summary>The blocks of a page, run one after the other by one shell, and what they printed.</summary>
internal sealed class Transcript
{
    private const int MostMilliseconds = 60_000;
    private const int WrongStatus = 98;
    private const int NeverThere = 99;

    private readonly string _directory;
    private readonly Page _page;
    private readonly IReadOnlyList<Block> _blocks;
    private readonly Func<string, string> _fill;

    /// <param name="directory">An empty folder, which stands for the checkout as far as commands write into it.</param>
    /// <param name="page">The page.</param>
    /// <param name="blocks">Those of its blocks that are to be run.</param>
    /// <param name="fill">Puts what this machine has in the place of what the page shows.</param>
    public Transcript(string directory, Page page, IReadOnlyList<Block> blocks, Func<string, string> fill)
    {
        _directory = directory;
        _page = page;
        _blocks = blocks;
        _fill = fill;
        var checkout = Directory.CreateDirectory(PathOf("checkout")).FullName;
        foreach (var entry in Directory.EnumerateFileSystemEntries(Checkout.PathOf()))
        {
            File.CreateSymbolicLink(Path.Combine(checkout, Path.GetFileName(entry)), entry);
        }

        File.WriteAllText(Script, Write(checkout));
    }

    /// <summary>For bash.</summary>
    public string Script => PathOf("script");

    /// <summary>Holds what was printed against the page.</summary>
    /// <param name="status">How the script ended.</param>
    public void Check(int status)
    {
        var last = _blocks.LastOrDefault(block => File.Exists(OutputOf(block)));
        status.ShouldBe(0, $"{_page.Path}:{last?.Line} ({status switch { WrongStatus => "another exit status than said", NeverThere => "not ready", _ => "failed" }}):\n{(last is null ? "" : File.ReadAllText(OutputOf(last)))}");
        foreach (var expected in _page.Blocks.Where(block => block is { Language: "text", Class: "output" }))
        {
            var block = _page.Blocks.Last(block => block.IsRun && block.Line < expected.Line);
            if (_blocks.Contains(block))
            {
                CheckOutput($"{_page.Path}:{expected.Line}", _fill(expected.Text), File.ReadAllText(OutputOf(block)));
            }
        }
    }

    /// <summary>Whether some lines of what was printed are those of the page, where ... stands for anything.</summary>
    public static void CheckOutput(string place, string expected, string printed)
    {
        var pattern = string.Join('\n', expected.Split('\n').Select(line => line.Trim() == "..." ? "(?:.*\n)*?.*" : Regex.Escape(line.TrimEnd()).Replace(@"\.\.\.", ".*", StringComparison.Ordinal) + " *"));
        Regex.IsMatch(printed, $"^{pattern}$", RegexOptions.Multiline, TimeSpan.FromMilliseconds(MostMilliseconds))
            .ShouldBeTrue($"{place} shows\n{expected}\n\nbut this was printed:\n{printed}");
    }

    private string Write(string checkout)
    {
        var script = new StringBuilder(
            $$"""
            set -e
            trap 'kill $(jobs -p) 2>&- || true; wait' EXIT
            exec <&-
            export PATH="{{Path.GetDirectoryName(AgentOptions.DefaultProgram)}}:$PATH"
            cd "{{checkout}}"

            """);
        foreach (var block in _blocks)
        {
            var (output, text) = (OutputOf(block), _fill(block.Text));
            script.Append(CultureInfo.InvariantCulture, $"exec >'{output}' 2>&1\n");
            script.Append(block switch
            {
                _ when block.Value("until") is { } line =>
                    $"{{\n{text}\n}} &\nuntil grep -qx '{line}' '{output}'; do kill -0 $! || exit {NeverThere}; sleep 0.1; done\n",
                _ when block.Value("exit") is { } status => $"set +e\n{text}\n[ $? -eq {status} ] || exit {WrongStatus}\nset -e\n",
                _ => $"{text}\n",
            });
        }

        return script.ToString();
    }

    private string OutputOf(Block block) => PathOf(string.Create(CultureInfo.InvariantCulture, $"output{block.Line}"));

    private string PathOf(string name) => Path.Combine(_directory, name);
}
