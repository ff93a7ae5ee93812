using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using Reminders.Bookings;
using Reminders.Lab.Apps;
using Reminders.Lab.Nodes;

namespace Reminders.Lab.Demo;

/// <summary>
/// The booking app's side: it talks to the nodes over HTTP in turn, and when a node dies under a call it asks another, as
/// any careful client would.
/// </summary>
internal sealed class DemoApi(IReadOnlyList<NodeProcess> nodes, string key) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly HttpClient _http = new(new PatientHandler())
    {
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) },
        Timeout = TimeSpan.FromSeconds(30),
    };

    private int _turn;
    private int _approvalsAsked;
    private int _approvalsAnswered;

    /// <summary>Approvals that left for a node, whatever came back.</summary>
    public int ApprovalsAsked => _approvalsAsked;

    /// <summary>Approvals a node has answered.</summary>
    public int ApprovalsAnswered => _approvalsAnswered;

    public Task<BookingView> CreateAsync(
        string title,
        DateTimeOffset startsAt,
        PersonDraft candidate,
        PersonDraft recruiter,
        CancellationToken ct
    ) =>
        PostAsync(
            "api/bookings",
            new
            {
                title,
                startsAt,
                candidate,
                recruiter,
            },
            ct
        );

    public async Task<BookingView> ApproveAsync(Guid id, CancellationToken ct)
    {
        var view = await PostAsync($"api/bookings/{id}/approve", null, ct, () => Interlocked.Increment(ref _approvalsAsked));
        Interlocked.Increment(ref _approvalsAnswered);
        return view;
    }

    public Task<BookingView> MoveAsync(Guid id, DateTimeOffset startsAt, CancellationToken ct) =>
        PostAsync($"api/bookings/{id}/move", new { startsAt }, ct);

    public Task<BookingView> CancelAsync(Guid id, CancellationToken ct) => PostAsync($"api/bookings/{id}/cancel", null, ct);

    /// <summary>As an operator: sends the held reminder of a booking once more.</summary>
    public async Task ResendAsync(Guid booking, string kind, string reason, CancellationToken ct)
    {
        var held = await _http.GetFromJsonAsync<HeldPage>(new Uri(Next().Address, $"api/outbox?state=uncertain&kind={kind}&size=200"), ct);
        foreach (var message in held!.Items.Where(message => message.SubjectKey == booking.ToString()))
        {
            using var answer = await _http.PostAsJsonAsync(new Uri(Next().Address, $"api/outbox/{message.Id}/resend"), new { reason }, ct);
            await RefusedAsync(answer, ct);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<BookingView> PostAsync(string path, object? body, CancellationToken ct, Action? asking = null)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var node = Next();
            try
            {
                asking?.Invoke();
                using var answer = await _http.PostAsync(new Uri(node.Address, path), body is null ? null : JsonContent.Create(body), ct);
                await RefusedAsync(answer, ct);
                return (await answer.Content.ReadFromJsonAsync<BookingView>(ct))!;
            }
            // Every command is safe to repeat but creating, and nothing is created while a node is killed.
            // A connection that dies while it is being made surfaces as a bare SocketException (ENOTCONN).
            catch (Exception exception)
                when (exception is HttpRequestException or SocketException && TimeProvider.System.GetElapsedTime(began) < Patience)
            {
                // The connection ends before the process is known to have: on a busy machine seconds before.
                await Task.WhenAny(node.WaitForExitAsync(ct), Task.Delay(Pause, ct));
            }
        }
    }

    private static async Task RefusedAsync(HttpResponseMessage answer, CancellationToken ct)
    {
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException(
                $"{answer.RequestMessage!.RequestUri} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(ct)}"
            );
        }
    }

    private sealed record HeldPage(IReadOnlyList<Held> Items);

    private sealed record Held(long Id, string SubjectKey);

    private NodeProcess Next()
    {
        var alive = nodes.Where(node => node.IsAlive).ToArray();
        return alive.Length > 0
            ? alive[(uint)Interlocked.Increment(ref _turn) % alive.Length]
            : throw new InvalidOperationException("No node is alive.");
    }
}
