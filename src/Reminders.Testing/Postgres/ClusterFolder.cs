using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Reminders.Testing.Postgres;

/// <summary>
/// The files of one cluster. The folder belongs to whoever starts it, and only <see cref="Data"/> to the server's
/// account, so that root never writes into a folder another account controls.
/// </summary>
internal sealed class ClusterFolder(string root)
{
    private const UnixFileMode Open =
        UnixFileMode.UserRead
        | UnixFileMode.UserWrite
        | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherExecute;

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public string Root => root;

    public string Data => Path.Combine(root, "data");

    /// <summary>initdb works here and the result is renamed, so a half-made cluster is never mistaken for a whole one.</summary>
    public string Unfinished => Path.Combine(root, "data.unfinished");

    public string Settings => Path.Combine(root, "reminders.conf");

    public string ServerLog => Path.Combine(Data, "server.log");

    public string PidFile => Path.Combine(Data, "postmaster.pid");

    private string PasswordFile => Path.Combine(root, "password");

    private string PortFile => Path.Combine(root, "port");

    public int? Major =>
        File.Exists(Path.Combine(Data, "PG_VERSION"))
            ? int.Parse(File.ReadAllText(Path.Combine(Data, "PG_VERSION")), CultureInfo.InvariantCulture)
            : null;

    public int? LastPort
    {
        get => File.Exists(PortFile) && int.TryParse(File.ReadAllText(PortFile), CultureInfo.InvariantCulture, out var port) ? port : null;
        set => File.WriteAllText(PortFile, value?.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>
    /// Picks the folder: the wanted one, or one under /var/tmp where the server's account cannot reach it (a repository
    /// below /root). Folders of other people are never chmod-ed to make way.
    /// </summary>
    public static async Task<ClusterFolder> PlaceAsync(LocalPostgresOptions options, CancellationToken ct)
    {
        var wanted = Path.GetFullPath(options.DataDirectory);
        var account = await ServerAccount.ChooseAsync(await ServerAccount.OwnerOfAsync(Path.Combine(wanted, "data"), ct), ct);
        var existing = wanted;
        while (!Directory.Exists(existing))
        {
            existing = Path.GetDirectoryName(existing)!;
        }

        if (await account.CanReachAsync(existing, ct))
        {
            CreateOpen(wanted, existing);
            return new(wanted);
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(wanted)))[..12];
        var instead = Path.Combine("/var/tmp", $"reminders-{hash}");
        options.Log?.Invoke($"PostgreSQL runs as {account.Name}, who cannot reach {existing}: its data is kept in {instead}.");
        // /var/tmp is everyone's, and the name can be guessed: a folder somebody else put there is not ours to use.
        if (await ServerAccount.OwnerOfAsync(instead, ct) is { } owner && owner != Environment.UserName)
        {
            throw new LocalPostgresException($"{instead} already exists and belongs to {owner}: move it away.");
        }

        CreateOpen(instead, "/var/tmp");
        return new(instead);
    }

    /// <summary>The superuser's password: made once, readable by its owner only.</summary>
    public string Password()
    {
        if (!File.Exists(PasswordFile))
        {
            WritePrivate(PasswordFile, RandomNumberGenerator.GetHexString(32, lowercase: true));
        }

        return File.ReadAllText(PasswordFile).Trim();
    }

    /// <summary>A standby has its primary's roles, and so its password.</summary>
    public void WritePassword(string password) => WritePrivate(PasswordFile, password);

    public static void WritePrivate(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        // Given at creation: set afterwards, the password would be open for an instant.
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = Private;
        }

        using var stream = new FileStream(path, options);
        stream.Write(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>The settings hold no secret, and the server's account must read them.</summary>
    public void WriteSettings(string text)
    {
        File.WriteAllText(Settings, text);
        SetMode(Settings, Private | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
    }

    private static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }

    private static void CreateOpen(string folder, string existing)
    {
        var missing = new Stack<string>();
        for (var at = folder; at != existing && !Directory.Exists(at); at = Path.GetDirectoryName(at)!)
        {
            missing.Push(at);
        }

        foreach (var path in missing)
        {
            Directory.CreateDirectory(path);
            // Explicitly: under umask 077 the server's account could not pass.
            SetMode(path, Open);
        }
    }
}
