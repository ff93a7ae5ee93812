using System.Collections.Concurrent;
using System.Reflection;

namespace Reminders.Storage;

/// <summary>
/// The statements of one project that stand in files of their own, in the folder <c>Sql</c> beside the code that sends them. They
/// are in the build and not in the database, because during a rolling upgrade each node runs its own. What is sent begins with the
/// file's name, so that <c>pg_stat_activity</c> shows which statement it is; <see cref="StatementText"/> says what a file may hold.
/// </summary>
/// <param name="project">The assembly that they are in.</param>
internal sealed class StatementFiles(Assembly project)
{
    private const string Prefix = "sql/";

    private readonly ConcurrentDictionary<string, string> _read = [];

    /// <summary>Every file there is.</summary>
    public IEnumerable<string> Names =>
        from resource in project.GetManifestResourceNames()
        where resource.StartsWith(Prefix, StringComparison.Ordinal)
        orderby resource
        select resource[Prefix.Length..];

    /// <summary>A statement as it is sent, the same string each time: SchemaNames and Npgsql know statements by it.</summary>
    /// <inheritdoc cref="Named(string, string[])"/>
    public string Named(string name) => _read.GetOrAdd(name, static (name, files) => files.ToSend(name, []), this);

    /// <summary>The same, in one of its forms.</summary>
    /// <param name="name">Its path below its project, with slashes: <c>Outbox/Sql/claim.sql</c>.</param>
    /// <param name="sections">Those that are to be there.</param>
    /// <exception cref="InvalidOperationException">A bug: the file is missing, or not as <see cref="StatementText"/> says.</exception>
    public string Named(string name, params string[] sections) =>
        sections.Length == 0 ? Named(name) : _read.GetOrAdd(string.Join(' ', [name, .. sections]), _ => ToSend(name, sections));

    /// <summary>A part of a statement that is put together by code.</summary>
    public string Piece(string name) => _read.GetOrAdd($"piece {name}", _ => StatementText.Assemble(name, [], File));

    /// <summary>A file as it is; null when there is none.</summary>
    public string? File(string name)
    {
        using var file = project.GetManifestResourceStream(Prefix + name);
        if (file is null)
        {
            return null;
        }

        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }

    private string ToSend(string name, string[] sections) => $"-- {name}\n{StatementText.Assemble(name, sections, File)}";
}
