using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Reminders.Lab.Simulation;

/// <summary>What the simulators say: JSON, problems, and a gateway's pages.</summary>
internal static class SimulatorJson
{
    internal static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer)? _scratch;

    /// <summary>Runs <paramref name="write"/> on this thread's own writer. It must not be nested.</summary>
    public static byte[] Of<T>(Action<Utf8JsonWriter, T> write, T state)
    {
        if (_scratch is not { } scratch)
        {
            var fresh = new ArrayBufferWriter<byte>(1024);
            _scratch = scratch = (fresh, new Utf8JsonWriter(fresh, WriterOptions));
        }

        scratch.Buffer.ResetWrittenCount();
        scratch.Writer.Reset();
        write(scratch.Writer, state);
        scratch.Writer.Flush();
        return scratch.Buffer.WrittenSpan.ToArray();
    }

    public static byte[] Problem(int status, string detail) =>
        Of(
            static (w, p) =>
            {
                w.WriteStartObject();
                w.WriteString("type"u8, "about:blank"u8);
                w.WriteString("title"u8, p.status == 404 ? "Not found" : "Bad request");
                w.WriteNumber("status"u8, p.status);
                w.WriteString("detail"u8, p.detail);
                w.WriteEndObject();
            },
            (status, detail)
        );

    public static void WriteArray<T>(Utf8JsonWriter w, string name, IEnumerable<T> items, Action<Utf8JsonWriter, T> fields)
    {
        w.WriteStartArray(name);
        foreach (var item in items)
        {
            w.WriteStartObject();
            fields(w, item);
            w.WriteEndObject();
        }

        w.WriteEndArray();
    }

    public static void WriteFault(Utf8JsonWriter w, FaultKind? fault)
    {
        if (fault is { } kind)
        {
            w.WriteString("fault"u8, kind.ToString());
        }
    }

    /// <summary>The page a gateway in front of the provider shows.</summary>
    public static byte[] Html(string title) =>
        Encoding.ASCII.GetBytes(
            $"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n"
                + "<hr><center>nginx/1.18.0</center>\r\n</body>\r\n</html>\r\n"
        );
}
