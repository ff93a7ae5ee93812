using System.Net;

namespace Reminders.Lab.Apps;

/// <summary>What any careful client does with a "try again": waits as long as it was asked to, and does.</summary>
public sealed class PatientHandler() : DelegatingHandler(new SocketsHttpHandler { MaxConnectionsPerServer = 32 })
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await base.SendAsync(request, cancellationToken);
            if (
                answer.StatusCode is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests)
                || answer.Headers.RetryAfter?.Delta is not { } wait
                || TimeProvider.System.GetElapsedTime(began) + wait > Patience
            )
            {
                return answer;
            }
            answer.Dispose();
            await Task.Delay(wait, cancellationToken);
        }
    }
}
