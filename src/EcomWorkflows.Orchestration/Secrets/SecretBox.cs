using System.Security.Cryptography;
using System.Text;

namespace EcomWorkflows.Orchestration.Secrets;

/// <summary>
/// Encrypts secrets with AES-256-GCM under a key file that only the program's user may read. A ciphertext is bound to its place: moved to another row, it cannot
/// be opened.
/// </summary>
public sealed class SecretBox(OrchestrationOptions options)
{
    public const string KeyFileName = "secrets.key";

    private const byte Version = 1;
    private const int KeySize = 32;
    private const int KeyIdSize = 4;
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const int HeaderSize = 1 + KeyIdSize + NonceSize + TagSize;

    private readonly Lock loading = new();
    private byte[]? key;

    private string KeyFile => Path.Combine(options.KeyFolder ?? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(options.WorkRoot))!, "keys"), KeyFileName);

    /// <param name="place">What the secret belongs to, for example <c>connection:warehouse</c>; the same must be given to open it.</param>
    public byte[] Seal(string secret, string place)
    {
        var key = Key(create: true);
        var plain = Encoding.UTF8.GetBytes(secret);
        var box = new byte[HeaderSize + plain.Length];
        box[0] = Version;
        KeyId(key).CopyTo(box, 1);
        var nonce = box.AsSpan(1 + KeyIdSize, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(key, TagSize);
        cipher.Encrypt(nonce, plain, box.AsSpan(HeaderSize), box.AsSpan(1 + KeyIdSize + NonceSize, TagSize), Encoding.UTF8.GetBytes(place));
        return box;
    }

    /// <exception cref="SecretException">It was sealed with another key, for another place, or was changed.</exception>
    public string Open(byte[] box, string place)
    {
        if (box.Length < HeaderSize || box[0] != Version)
            throw new SecretException($"The secret of {place} is not in a form this program knows.");
        var key = Key(create: false);
        if (!box.AsSpan(1, KeyIdSize).SequenceEqual(KeyId(key)))
        {
            throw new SecretException(
                $"The secret of {place} was stored with another key (id {Convert.ToHexStringLower(box.AsSpan(1, KeyIdSize))}) than {KeyFile} (id {Convert.ToHexStringLower(KeyId(key))}). " +
                "Copy the key file of the node that stored it, or set the secret again.");
        }
        var plain = new byte[box.Length - HeaderSize];
        try
        {
            using var cipher = new AesGcm(key, TagSize);
            cipher.Decrypt(
                box.AsSpan(1 + KeyIdSize, NonceSize), box.AsSpan(HeaderSize), box.AsSpan(1 + KeyIdSize + NonceSize, TagSize), plain, Encoding.UTF8.GetBytes(place));
        }
        catch (AuthenticationTagMismatchException)
        {
            throw new SecretException($"The secret of {place} was changed in the database, or belongs to something else. Set it again.");
        }
        return Encoding.UTF8.GetString(plain);
    }

    private static byte[] KeyId(byte[] key) => SHA256.HashData(key)[..KeyIdSize];

    private byte[] Key(bool create)
    {
        lock (loading)
        {
            if (key is not null)
                return key;
            if (!File.Exists(KeyFile))
            {
                if (!create)
                    throw new SecretException($"The key of stored secrets, {KeyFile}, is missing. Copy it from the node that stored them, or set them again.");
                Create();
            }
            return key = Read();
        }
    }

    private byte[] Read()
    {
        if ((File.GetUnixFileMode(KeyFile) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) != 0)
            throw new SecretException($"{KeyFile} may be read by others. Allow only its owner: chmod 600 {KeyFile}");
        var text = File.ReadAllText(KeyFile).Trim();
        var bytes = new byte[KeySize];
        return Convert.TryFromBase64String(text, bytes, out var length) && length == KeySize
            ? bytes
            : throw new SecretException($"{KeyFile} does not hold a key: expected {KeySize} bytes in Base64.");
    }

    /// <summary>Written whole under another name and linked into place, so that two programs starting at once agree on one key.</summary>
    private void Create()
    {
        var folder = Path.GetDirectoryName(KeyFile)!;
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var draft = Path.Combine(folder, $".{KeyFileName}.{Path.GetRandomFileName()}");
        using (var file = new FileStream(draft, new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            file.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeySize)) + "\n"));
            file.Flush(flushToDisk: true);
        }
        try
        {
            File.Move(draft, KeyFile, overwrite: false);
        }
        catch (IOException) when (File.Exists(KeyFile))
        {
            File.Delete(draft);
        }
    }
}
