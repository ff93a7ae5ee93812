using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Reminders.Commands;
using Reminders.Nodes;
using Reminders.Outbox.Operators;
using Reminders.Web.Console.Reads;
using Reminders.Web.Console.Texts;

namespace Reminders.Web.Console.Pages;

/// <summary>Something that is wrong, where to go about it, and what to type instead.</summary>
internal sealed record Wrong(string Says, string? Path, string? CommandLine);

internal sealed record OverviewShown(
    IReadOnlyList<Wrong> Wrong,
    Board Board,
    IReadOnlyList<NodeNow> Nodes,
    IReadOnlyList<ChannelStatus> Channels,
    IReadOnlyList<UnservedChannel> Unserved,
    IReadOnlyList<KindStatus> Kinds,
    DateTimeOffset Now
);

/// <summary>The page for three in the morning: first what is wrong.</summary>
internal static class OverviewEndpoint
{
    private static readonly TimeSpan TooLong = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan TooFarOff = TimeSpan.FromSeconds(2);

    public static void MapOverview(this IEndpointRouteBuilder app)
    {
        app.MapPage<OverviewPage>("/overview", words => words.Overview, ReadNumbersAsync);
        app.MapPage<ClusterPage>("/cluster", words => words.Cluster);
    }

    /// <summary>Two pages of one reading.</summary>
    private static void MapPage<TPage>(
        this IEndpointRouteBuilder app,
        string path,
        Func<ConsoleWords, string> title,
        Func<HttpContext, CommandTransaction, Task>? more = null
    )
        where TPage : IComponent =>
        app.MapGet(
            path,
            (
                HttpContext http,
                Visitor visitor,
                ConsoleDatabase database,
                CommandTransaction transaction,
                ClusterReader cluster,
                TimeProvider time
            ) =>
                database.ReadAsync<IResult>(
                    transaction,
                    async () =>
                    {
                        if (more is not null)
                        {
                            await more(http, transaction);
                        }

                        return http.Show<TPage, OverviewShown>(
                            title(visitor.Words),
                            path,
                            await ReadAsync(visitor, cluster, time.GetUtcNow(), http.RequestAborted),
                            topic: "outbox"
                        );
                    },
                    http.RequestAborted
                )
        );

    private static async Task ReadNumbersAsync(HttpContext http, CommandTransaction transaction)
    {
        var span = http.Request.Query["span"].ToString() switch
        {
            "hour" => NumbersSpan.Hour,
            "month" => NumbersSpan.Month,
            _ => NumbersSpan.Day,
        };
        var numbers = http.RequestServices.GetRequiredService<NumbersReader>();
        await ConsoleDatabase.PartAsync(
            transaction,
            http.RequestServices.GetRequiredService<Shown<NumbersShown>>(),
            () => numbers.ReadAsync(span, http.RequestAborted),
            http.RequestAborted
        );
    }

    private static async Task<OverviewShown> ReadAsync(
        Visitor visitor,
        ClusterReader cluster,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var (board, nodes, channels, unserved, kinds) = (
            await cluster.BoardAsync(cancellationToken),
            await cluster.NodesAsync(cancellationToken),
            await cluster.ChannelsAsync(cancellationToken),
            await cluster.UnservedAsync(cancellationToken),
            await cluster.KindsAsync(cancellationToken)
        );
        return new([.. Look(visitor, board, nodes, channels, unserved, kinds, now)], board, nodes, channels, unserved, kinds, now);
    }

    private static IEnumerable<Wrong> Look(
        Visitor visitor,
        Board board,
        IReadOnlyList<NodeNow> nodes,
        IReadOnlyList<ChannelStatus> channels,
        IReadOnlyList<UnservedChannel> unserved,
        IReadOnlyList<KindStatus> kinds,
        DateTimeOffset now
    )
    {
        var (words, zone) = (visitor.Words, visitor.Zone);
        if (nodes.All(node => node.IsGone))
        {
            yield return new(words.NoNode, "/cluster", "reminders serve");
        }

        foreach (var channel in unserved)
        {
            yield return new(channel.Says(visitor.Story), "/cluster#channels", "reminders doctor");
        }

        foreach (var channel in channels.Where(channel => channel.State != ChannelStatus.Open))
        {
            var since = channel.Since is { } at ? $" ({words.When(at, zone, now)})" : "";
            yield return new(
                $"{words.ChannelState(channel.Name, channel.State)}{since}: {channel.ReasonIn(words.Story)}",
                $"/channels/{channel.Name}/resume",
                $"reminders channels resume {channel.Name} --reason '…'"
            );
        }

        foreach (var kind in kinds)
        {
            if (kind.Since is { } since)
            {
                yield return new(
                    words.IsPaused(new(kind.Name, null, since, kind.Until, kind.By!, kind.Reason!), zone),
                    $"/kinds/{kind.Name}/resume",
                    $"reminders kinds resume {kind.Name} --reason '…'"
                );
            }
        }

        if (board.InDoubt > 0)
        {
            yield return new(
                words.InDoubtWait(
                    board.InDoubt > Board.Most ? words.Bounded(board.InDoubt) : words.Messages(board.InDoubt),
                    board.FirstUseless is { } first ? words.When(first, zone, now) : null
                ),
                "/outbox?state=uncertain",
                "reminders outbox list --state uncertain"
            );
        }

        if (board.OldestDue is { } oldest && now - oldest > TooLong)
        {
            yield return new(words.OldestWaits(words.Span(now - oldest)), "/outbox?state=pending", "reminders messages --state pending");
        }

        foreach (var node in nodes.Where(node => node.IsGone))
        {
            yield return new(words.NodeIsGone(node.Name, words.When(node.SeenAt, zone, now)), "/cluster", "reminders doctor");
        }

        foreach (var node in nodes.Where(node => !node.IsGone && node.Skew.Duration() > TooFarOff))
        {
            yield return new(words.NodeIsOff(node.Name, words.Span(node.Skew.Duration())), "/cluster", "reminders doctor");
        }

        if (board.DeadToday > 0)
        {
            yield return new(
                words.DeadToday(board.DeadToday > Board.Most ? words.Bounded(board.DeadToday) : words.Messages(board.DeadToday)),
                "/outbox?state=dead",
                "reminders outbox list --state dead"
            );
        }
    }
}
