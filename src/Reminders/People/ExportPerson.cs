using System.Text.Json;
using MediatR;
using Reminders.Commands;
using Reminders.Storage;
using Reminders.Words;

namespace Reminders.People;

/// <summary>Everything that is kept about a person, for the person to have. That it was read is audited.</summary>
/// <param name="Reference">As the caller knows them.</param>
public sealed record ExportPerson(string Reference) : ICommand<Outcome<JsonElement>>;

internal sealed class ExportPersonHandler(CommandTransaction db, OwnedNames names, Audit audit)
    : IRequestHandler<ExportPerson, Outcome<JsonElement>>
{
    public async Task<Outcome<JsonElement>> Handle(ExportPerson request, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        errors.Text("reference", request.Reference, 200, required: true);
        if (errors.All.Count > 0)
        {
            return new Outcome<JsonElement>.Invalid(errors.All);
        }

        var (named, refused) = await names.PersonAsync<JsonElement>(request.Reference, cancellationToken);
        if (refused is Outcome<JsonElement>.NotFound)
        {
            await audit.RefuseAsync("person.export", Audit.Unknown(request.Reference), Reasons.Of("no_such_person"), cancellationToken);
        }

        if (refused is not null)
        {
            return refused;
        }

        var id = named!.Value;
        await using var export = db.Command(Everything).With(id);
        var json = (string)(await export.ExecuteScalarAsync(cancellationToken))!;
        await audit.WriteAsync("person.export", Audit.Person(id), null, null, null, cancellationToken);
        return new Outcome<JsonElement>.Done(JsonSerializer.Deserialize<JsonElement>(json));
    }

    private static readonly string Everything = Statement.Named("People/Sql/export.sql");
}
