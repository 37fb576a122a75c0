using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Peili.DBus;

/// <summary>The text dialogue before the first message: SASL with the mechanism EXTERNAL, by which the kernel vouches for the user.</summary>
internal static partial class Authentication
{
    private const int MaxLine = 4096;

    /// <summary>Authenticates as this process' user.</summary>
    /// <exception cref="UnauthorizedAccessException">The other side refuses that user.</exception>
    /// <exception cref="IOException">What it says is no such dialogue.</exception>
    public static async Task RunAsync(Socket socket, CancellationToken cancellationToken)
    {
        var user = GetEffectiveUserId().ToString(CultureInfo.InvariantCulture);
        await SendAsync(socket, $"\0AUTH EXTERNAL {Convert.ToHexStringLower(Encoding.ASCII.GetBytes(user))}\r\n", cancellationToken);
        var answer = await ReadLineAsync(socket, cancellationToken);
        if (answer.StartsWith("REJECTED", StringComparison.Ordinal))
        {
            throw new UnauthorizedAccessException($"D-Bus: user {user} is refused ({answer})");
        }

        if (!answer.StartsWith("OK ", StringComparison.Ordinal))
        {
            throw new IOException($"D-Bus: authentication was answered by \"{answer}\"");
        }

        await SendAsync(socket, "BEGIN\r\n", cancellationToken);
    }

    private static async Task SendAsync(Socket socket, string text, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> left = Encoding.ASCII.GetBytes(text);
        while (!left.IsEmpty)
        {
            left = left[await socket.SendAsync(left, SocketFlags.None, cancellationToken)..];
        }
    }

    /// <summary>Byte by byte, for what follows the line is a message.</summary>
    private static async Task<string> ReadLineAsync(Socket socket, CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        var next = new byte[1];
        while (line.Length < MaxLine)
        {
            if (await socket.ReceiveAsync(next, SocketFlags.None, cancellationToken) == 0)
            {
                throw new IOException("D-Bus: the connection ended during authentication");
            }

            if (next[0] == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append((char)next[0]);
        }

        throw new IOException($"D-Bus: authentication was answered by more than {MaxLine} bytes");
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUserId();
}
