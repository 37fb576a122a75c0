using System.Text;

namespace Peili.NodeAgent.Commands;

/// <summary>Writes a command's answer in the form that was asked for.</summary>
internal static class Output
{
    /// <summary>Writes it to standard output.</summary>
    /// <param name="format">The form.</param>
    /// <param name="json">The answer as JSON.</param>
    /// <param name="table">Writes it for people.</param>
    public static void Write(OutputFormat format, ReadOnlySpan<byte> json, Action table)
    {
        switch (format)
        {
            case OutputFormat.Json:
                Console.WriteLine(Encoding.UTF8.GetString(json));
                break;
            case OutputFormat.Yaml:
                Console.Write(YamlText.FromJson(json));
                break;
            default:
                table();
                break;
        }
    }
}
