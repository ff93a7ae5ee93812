using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Reminders.Channels;
using Reminders.Commands;
using Reminders.Kinds;
using Reminders.Outbox;
using Reminders.Outbox.Operators;
using Reminders.Web.Console.Reads;

namespace Reminders.Web.Console.Pages;

/// <param name="Kinds">Each, and how it stands.</param>
internal sealed record KindsShown(IReadOnlyList<(KindDefinition Kind, KindStatus Status)> Kinds);

/// <param name="Locale">As the kind's templates are called.</param>
/// <param name="Text">Which of the kind's texts.</param>
internal sealed record KindSample(string Locale, string Text, ChatMessage Message);

internal sealed record KindShown(KindDefinition Kind, KindStatus Status, IReadOnlyList<KindSample> Samples);

/// <summary>The kinds as they are declared, and what their texts come to, written by the engine's own renderer.</summary>
internal static class KindEndpoints
{
    private static readonly Dictionary<string, string> Values = new(StringComparer.Ordinal)
    {
        ["candidate"] = "Anna Ivanova",
        ["recruiter"] = "Rita Petrova",
        ["title"] = "Backend engineer",
        ["place"] = "Room 4",
    };

    public static void MapKinds(this IEndpointRouteBuilder app)
    {
        app.MapGet(
            "/kinds",
            (
                HttpContext http,
                Visitor visitor,
                ConsoleDatabase database,
                CommandTransaction transaction,
                ClusterReader cluster,
                KindCatalog kinds
            ) =>
                database.ReadAsync<IResult>(
                    transaction,
                    async () =>
                        http.Show<KindsPage, KindsShown>(
                            visitor.Words.Kinds,
                            "/cluster",
                            new([.. (await cluster.KindsAsync(http.RequestAborted)).Select(status => (kinds.Kinds[status.Name], status))]),
                            topic: "outbox"
                        ),
                    http.RequestAborted
                )
        );
        app.MapGet(
            "/kinds/{kind}",
            async Task<IResult> (
                string kind,
                HttpContext http,
                ConsoleDatabase database,
                CommandTransaction transaction,
                ClusterReader cluster,
                KindCatalog kinds,
                MessageRenderer renderer,
                TimeProvider time
            ) =>
            {
                if (kinds.Find(kind) is not { } one)
                {
                    return Results.NotFound();
                }

                var all = await database.ReadAsync(transaction, () => cluster.KindsAsync(http.RequestAborted), http.RequestAborted);
                return http.Show<KindPage, KindShown>(
                    one.Name,
                    "/cluster",
                    new(one, all.Single(status => status.Name == one.Name), [.. Samples(one, kinds, renderer, time.GetUtcNow())])
                );
            }
        );
    }

    private static IEnumerable<KindSample> Samples(KindDefinition kind, KindCatalog kinds, MessageRenderer renderer, DateTimeOffset now)
    {
        foreach (var (locale, texts) in kind.Templates.OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            // Tomorrow at a full hour: as a start is.
            var start = new DateTimeOffset(now.UtcDateTime.Date.AddDays(1).AddHours(12), TimeSpan.Zero);
            var data = Data(kind, texts.Values, start);
            foreach (var (text, operation, standing, status) in Standings(kind))
            {
                yield return new(
                    locale,
                    text,
                    ChatWriter.Write(
                        renderer,
                        kinds,
                        kind,
                        kind.Channels.FirstOrDefault(channel => kinds.Channels.Of(channel).CanEdit) ?? kind.Channels.FirstOrDefault() ?? "",
                        new("Anna Ivanova", locale, "Europe/Moscow"),
                        operation,
                        standing,
                        status,
                        start,
                        data,
                        own: null
                    )
                );
            }
        }
    }

    /// <summary>What is sent first, and what becomes of it where it has buttons.</summary>
    private static IEnumerable<(string Text, DeliveryOperation Operation, Standing Standing, string Status)> Standings(KindDefinition kind)
    {
        yield return ("text", DeliveryOperation.Send, Standing.Current, kind.WantedIn.FirstOrDefault() ?? "");
        if (kind.Buttons.Count == 0)
        {
            yield break;
        }

        foreach (var answer in kind.Answers.Values.Where(answer => answer.Closes))
        {
            yield return (answer.ReplyText, DeliveryOperation.Edit, Standing.Current, answer.Status);
        }

        yield return ("moved", DeliveryOperation.Edit, Standing.Replaced, "approved");
        yield return ("cancelled", DeliveryOperation.Edit, Standing.Current, "cancelled");
    }

    private static string Data(KindDefinition kind, IEnumerable<string> texts, DateTimeOffset start)
    {
        var data = new JsonObject();
        foreach (var name in texts.SelectMany(text => TextTemplate.Parse(text).Names).Concat(kind.Data.Keys).Distinct())
        {
            data[name] =
                Values.TryGetValue(name, out var value) ? value
                : kind.Data.TryGetValue(name, out var type)
                    ? type.TrimEnd('?') switch
                    {
                        "number" => "3",
                        "flag" => "true",
                        "instant" => start.ToString("O", CultureInfo.InvariantCulture),
                        _ => $"‹{name}›",
                    }
                : $"‹{name}›";
        }

        return data.ToJsonString();
    }
}
