namespace Reminders.Testing.Postgres;

/// <summary>
/// The account the server runs under. PostgreSQL refuses to run as root, so root lends it another identity; anyone else
/// runs it as themselves.
/// </summary>
internal sealed record ServerAccount(string Name, string? UidGid, IReadOnlyList<string> Prefix)
{
    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(10);

    /// <param name="owner">Who owns the data already, if there is any: only its owner may serve it.</param>
    public static async Task<ServerAccount> ChooseAsync(string? owner, CancellationToken ct)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            if (owner is not null && owner != Environment.UserName)
            {
                throw new LocalPostgresException(
                    $"The data belongs to the user {owner}, and this is {Environment.UserName}: run as {owner} or root, or "
                        + "delete the folder."
                );
            }

            return new(Environment.UserName, null, []);
        }

        string[] names = owner is null or "root" ? ["postgres", "nobody"] : [owner];
        foreach (var name in names)
        {
            var uid = await Command.RunAsync(["id", "-u", name], Quick, ct);
            var gid = await Command.RunAsync(["id", "-g", name], Quick, ct);
            if (!uid.Succeeded || !gid.Succeeded)
            {
                continue;
            }
            // setpriv execs in place; runuser opens a login session and stays as a parent, so it is the second choice.
            IReadOnlyList<string> prefix = OnPath("setpriv")
                ? ["setpriv", $"--reuid={uid.Output}", $"--regid={gid.Output}", "--clear-groups", "--"]
                : ["runuser", "-u", name, "--"];
            return new(name, $"{uid.Output}:{gid.Output}", prefix);
        }

        throw new LocalPostgresException("PostgreSQL refuses to run as root, and neither the user postgres nor nobody exists.");
    }

    public Task<Command> RunAsync(IReadOnlyList<string> words, TimeSpan limit, CancellationToken ct = default) =>
        Command.RunAsync([.. Prefix, .. words], limit, ct);

    public async Task<bool> CanReachAsync(string folder, CancellationToken ct) =>
        Prefix.Count == 0 || (await RunAsync(["test", "-x", folder], Quick, ct)).Succeeded;

    /// <summary>Hands a path to this account, contents included.</summary>
    public async Task TakeAsync(string path, CancellationToken ct)
    {
        if (UidGid is not null)
        {
            (await Command.RunAsync(["chown", "-R", UidGid, path], Quick, ct)).OrThrow($"Giving {path} to {Name}");
        }
    }

    public static async Task<string?> OwnerOfAsync(string path, CancellationToken ct) =>
        Path.Exists(path) ? (await Command.RunAsync(["stat", "-c", "%U", path], Quick, ct)).OrThrow($"Looking at {path}").Output : null;

    private static bool OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(f => File.Exists(Path.Combine(f, program)));
}
