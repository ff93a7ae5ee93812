using Microsoft.AspNetCore.Http;
using Reminders.Web.Problems;

namespace Reminders.Web.Api;

/// <summary>How much an endpoint reads, where that is not the API's own limit.</summary>
internal sealed record BodyLimit(int Bytes);

/// <summary>A request's bytes, read once and kept: they are parsed, and they are what an Idempotency-Key stands for.</summary>
/// <param name="TooLong">More than the limit came; <paramref name="Bytes"/> is empty then.</param>
internal sealed record RawBody(ReadOnlyMemory<byte> Bytes, bool TooLong)
{
    /// <summary>For bookings and operators: a thousand ids take 40 KiB.</summary>
    public const int ApiLimit = 64 * 1024;

    /// <summary>For ten thousand people with their addresses.</summary>
    public static readonly BodyLimit Bulk = new(8 * 1024 * 1024);

    public static async ValueTask<RawBody> ReadAsync(HttpContext context, int? most = null)
    {
        if (context.Features.Get<RawBody>() is { } kept)
        {
            return kept;
        }

        var limit = most ?? LimitOf(context);
        var body =
            context.Request.ContentLength > limit
                ? new RawBody(default, TooLong: true)
                : await ReadToEndAsync(context.Request, limit, context.RequestAborted);
        context.Features.Set(body);
        return body;
    }

    public static int LimitOf(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<BodyLimit>()?.Bytes ?? ApiLimit;

    public static IResult Refuse(int limit) =>
        new ProblemResult(StatusCodes.Status413PayloadTooLarge, new("problem.too_big", limit / 1024));

    private static async Task<RawBody> ReadToEndAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        // The length is a claim, and absent from a chunked body: what counts is what comes.
        var bytes = new byte[Math.Min((request.ContentLength ?? 4096) + 1, limit + 1)];
        var length = 0;
        while (true)
        {
            var read = await request.Body.ReadAsync(bytes.AsMemory(length), cancellationToken);
            if (read == 0)
            {
                return new(bytes.AsMemory(0, length), TooLong: false);
            }

            length += read;
            if (length > limit)
            {
                return new(default, TooLong: true);
            }

            if (length == bytes.Length)
            {
                Array.Resize(ref bytes, Math.Min(bytes.Length * 2, limit + 1));
            }
        }
    }
}
