using Microsoft.AspNetCore.Builder;

namespace Reminders.Integration.Tests.Web;

/// <summary>What browsers are told about our answers, and only about ours.</summary>
public sealed class SecurityHeaders(Postgres postgres)
{
    [Fact]
    public async Task Each_answer_of_ours_has_them_whoever_decided_it_and_a_host_s_own_has_none()
    {
        await using var node = await WebNode.StartAsync(postgres, app => app.MapGet("/host", () => "the host's"));
        foreach (
            var (path, key) in new[]
            {
                ("/api/bookings/7", node.Recruiter),
                ("/api/bookings/7", ""),
                ("/api/outbox", node.Recruiter),
                ("/api/nowhere", ""),
                ("/health/live", ""),
                ("/health/ready", ""),
                ("/unsubscribe/x", ""),
                ("/openapi/v1.json", ""),
                ("/ws/notifications/", ""),
                ("/api/outbox", node.Operator),
            }
        )
        {
            var headers = await HeadersAsync(node, path, key);
            Assert.True("nosniff" == headers.GetValueOrDefault("X-Content-Type-Options"), path);
            Assert.Equal("DENY", headers["X-Frame-Options"]);
            Assert.Equal("no-referrer", headers["Referrer-Policy"]);
            Assert.StartsWith("default-src 'none'", headers["Content-Security-Policy"], StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", headers["Content-Security-Policy"], StringComparison.Ordinal);
            Assert.Contains("no-store", headers["Cache-Control"], StringComparison.Ordinal);
        }
        Assert.Contains(
            "form-action 'self'",
            (await HeadersAsync(node, "/unsubscribe/x", ""))["Content-Security-Policy"],
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("X-Frame-Options", (await HeadersAsync(node, "/host", "")).Keys);
        Assert.DoesNotContain("Content-Security-Policy", (await HeadersAsync(node, "/host", "")).Keys);
    }

    private static async Task<Dictionary<string, string>> HeadersAsync(WebNode node, string path, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (key.Length > 0)
        {
            request.Headers.Authorization = new("Bearer", key);
        }

        using var response = await node.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return response.Headers.ToDictionary(
            header => header.Key,
            header => string.Join(", ", header.Value),
            StringComparer.OrdinalIgnoreCase
        );
    }
}
