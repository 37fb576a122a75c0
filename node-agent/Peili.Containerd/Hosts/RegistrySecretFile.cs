using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Peili.Containerd.Hosts;

/// <summary>The secret between this node's containerd and its agent, made once and kept under the state path.</summary>
public static class RegistrySecretFile
{
    /// <summary>The header that carries it.</summary>
    public const string HeaderName = "X-Peili-Node";

    private const string FileName = "registry.secret";
    private const int SecretBytes = 32;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Whether one was made already.</summary>
    /// <param name="statePath">The agent's state folder.</param>
    public static bool Exists(string statePath) => File.Exists(Path.Combine(statePath, FileName));

    /// <summary>Reads the secret, or makes one: 32 random bytes in base64url, in a file of mode 0600.</summary>
    /// <param name="statePath">The agent's state folder; made when absent.</param>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="InvalidDataException">The file holds something else; the message names it.</exception>
    public static string ReadOrCreate(string statePath)
    {
        Directory.CreateDirectory(statePath);
        var path = Path.Combine(statePath, FileName);
        if (!File.Exists(path))
        {
            var made = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
            AtomicFile.Write(path, Encoding.ASCII.GetBytes(made + "\n"), OwnerOnly);
        }

        var secret = File.ReadAllText(path).Trim();
        return Base64Url.IsValid(secret, out var length) && length == SecretBytes
            ? secret
            : throw new InvalidDataException($"{path} must hold {SecretBytes} bytes in base64url; remove it and a new secret is made.");
    }
}
