using System.Text;

namespace Peili.Terminal;

/// <summary>Answers in the form that was asked for.</summary>
public static class Output
{
    /// <summary>Writes one to standard output.</summary>
    public static void Write(OutputFormat format, Answer answer) => Console.Write(Render(format, answer));

    /// <summary>One as it is written to standard output.</summary>
    internal static string Render(OutputFormat format, Answer answer)
    {
        switch (format)
        {
            case OutputFormat.Json:
                return Encoding.UTF8.GetString(answer.Json) + "\n";
            case OutputFormat.Yaml:
                return YamlText.FromJson(answer.Json);
            default:
                var report = TextReport.ForStandardOutput(format);
                answer.Write(report);
                return report.ToString();
        }
    }
}
