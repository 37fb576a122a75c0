using System.Runtime.InteropServices;

namespace Peili.Terminal;

/// <summary>What is known of the terminals that this process writes to. In a pipe there is neither colour nor width.</summary>
public static partial class StandardOutput
{
    private const int Output = 1;
    private const int Error = 2;
    private const int UsualWidth = 80;
    private const int UsualHeight = 24;
    private const nuint GetWindowSize = 0x5413;
    private const short ErrorOrInvalid = 0x08 | 0x20;

    /// <summary>Whether a person looks at standard output.</summary>
    public static bool IsTerminal { get; } = !Console.IsOutputRedirected;

    /// <summary>Whether a person looks at standard error, on a terminal where a line can be written over.</summary>
    public static bool ErrorIsTerminal { get; } = !Console.IsErrorRedirected && !IsDumb;

    /// <summary>Whether a screen can be drawn again in place.</summary>
    public static bool CanRedraw { get; } = IsTerminal && !IsDumb;

    /// <summary>Whether colours are wanted: on a terminal, unless NO_COLOR is set (no-color.org).</summary>
    public static bool HasColor { get; } = CanRedraw && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>Columns of the terminal at this moment; null in a pipe, where lines are as long as they are.</summary>
    public static int? Width => IsTerminal ? SizeOf(Output).Width : null;

    /// <summary>Lines of the terminal at this moment.</summary>
    public static int Height => SizeOf(Output).Height;

    /// <summary>Columns of the terminal of standard error at this moment.</summary>
    internal static int ErrorWidth => SizeOf(Error).Width;

    /// <summary>Whether whoever read it is gone, such as <c>head</c>: <see cref="Console"/> says nothing of that and drops what is written.</summary>
    internal static bool IsAbandoned
    {
        get
        {
            var polled = new Polled { Descriptor = Output };
            return Poll(ref polled, 1, 0) > 0 && (polled.Happened & ErrorOrInvalid) != 0;
        }
    }

    private static bool IsDumb => Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb";

    /// <summary>Asked of the kernel: asking <see cref="Console"/> has it write to the terminal first.</summary>
    private static (int Width, int Height) SizeOf(int descriptor) =>
        Ask(descriptor, GetWindowSize, out var size) == 0 && size is { Columns: > 0, Rows: > 0 } ? (size.Columns, size.Rows) : (UsualWidth, UsualHeight);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Ask(int descriptor, nuint request, out WindowSize size);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(ref Polled polled, nuint count, int timeout);

    /// <summary>struct pollfd of poll(2).</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Polled
    {
        public int Descriptor;
        public short Wanted;
        public short Happened;
    }

    /// <summary>struct winsize of ioctl_tty(2).</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct WindowSize
    {
        public readonly ushort Rows;
        public readonly ushort Columns;
        private readonly uint _pixels;
    }
}
