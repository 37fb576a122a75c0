namespace Peili.Terminal.Watching;

/// <summary>For programs: each answer that differs from the one before, as a document of its own. What happens to the asking goes to standard error.</summary>
internal sealed class DocumentsView(OutputFormat format) : IWatchView
{
    private string? _last;

    public void Show(Answer answer)
    {
        var text = Output.Render(format, answer);
        if (text != _last)
        {
            Console.Write(format == OutputFormat.Yaml && _last is not null ? "---\n" + text : text);
            _last = text;
        }
    }

    public void Say(string text, bool isTrouble) => Console.Error.WriteLine(text);

    public void Dispose()
    {
    }
}
