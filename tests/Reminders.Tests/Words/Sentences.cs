using Reminders.Channels;
using Reminders.Words;

namespace Reminders.Tests.Words;

/// <summary>How codes and values become sentences, and stored reasons codes.</summary>
public sealed class Sentences
{
    [Theory]
    [InlineData(1, "1 second", "1 секунду")]
    [InlineData(2, "2 seconds", "2 секунды")]
    [InlineData(5, "5 seconds", "5 секунд")]
    [InlineData(11, "11 seconds", "11 секунд")]
    [InlineData(21, "21 seconds", "21 секунду")]
    [InlineData(112, "112 seconds", "112 секунд")]
    [InlineData(12345, "12,345 seconds", "12\u00a0345 секунд")]
    public void A_number_is_counted_as_the_language_counts(long count, string english, string russian) =>
        Assert.Equal((english, russian), Both(new("span.seconds", count)));

    [Theory]
    [InlineData(1, "under an id that cannot be kept (1 character)", "нельзя сохранить (1 символ)")]
    [InlineData(2, "under an id that cannot be kept (2 characters)", "нельзя сохранить (2 символа)")]
    [InlineData(5, "under an id that cannot be kept (5 characters)", "нельзя сохранить (5 символов)")]
    public void So_is_one_in_a_reason(int length, string english, string russian)
    {
        var (en, ru) = Both(Reasons.Meaning(Reasons.Of("id_unkept", length)));
        Assert.EndsWith(english, en, StringComparison.Ordinal);
        Assert.EndsWith(russian, ru, StringComparison.Ordinal);
    }

    [Fact]
    public void An_instant_is_written_as_the_language_writes_it()
    {
        var at = new DateTimeOffset(2026, 11, 30, 4, 5, 6, TimeSpan.FromHours(3));
        Assert.Equal(
            ("planned for 2026-11-30 01:05:06 UTC", "запланировано на 30.11.2026 01:05:06 UTC"),
            Both(new("event.planned", at, null))
        );
    }

    [Fact]
    public void A_part_of_a_sentence_is_left_out_with_its_value()
    {
        Assert.Equal(
            ("recipient is unreachable: blocked", "получатель недоступен: «blocked»"),
            Both(Reasons.Meaning("unreachable: blocked"))
        );
        Assert.Equal(("recipient is unreachable", "получатель недоступен"), Both(Reasons.Meaning("unreachable")));
    }

    [Fact]
    public void A_reason_within_a_reason_is_worded_too() =>
        Assert.Equal(
            (
                "CONFIRM_2H was not sent: the node node 1 was lost while sending",
                "CONFIRM_2H не отправлено: узел node 1 пропал во время отправки"
            ),
            Both(Reasons.Meaning("not_sent CONFIRM_2H: node_lost: node 1"))
        );

    [Theory]
    [InlineData("superseded 2")]
    [InlineData("past_use_after CONFIRM_2H 3600")]
    [InlineData("last_attempt 5 5: Bad Request: chat not found")]
    [InlineData("unreachable")]
    [InlineData("held_failover: nodes_unheard: node1, node2")]
    public void A_code_of_ours_is_read_as_it_is_written(string stored)
    {
        var read = Reasons.Read(stored);
        Assert.NotNull(read);
        Assert.Equal(stored, Written(read));
    }

    [Theory]
    [InlineData("Bad Request: chat not found")]
    [InlineData("superseded by version 2")]
    [InlineData("superseded")]
    [InlineData("superseded two")]
    [InlineData("past_use: and more")]
    [InlineData("the node node1 was lost while sending")]
    [InlineData("")]
    public void Anything_else_is_somebodys_words_and_quoted_as_they_came(string text)
    {
        Assert.Null(Reasons.Read(text));
        Assert.Equal(text, Reasons.Said(text));
        Assert.Equal((text, $"«{text}»"), Both(Reasons.Meaning(text)));
    }

    [Theory]
    [InlineData("superseded 2")]
    [InlineData("opted_out")]
    [InlineData("said: opted_out")]
    public void What_a_provider_says_is_never_taken_for_the_engines(string text)
    {
        var stored = new SendResult.Rejected(text).Why;
        Assert.NotEqual(text, stored);
        Assert.Equal((text, $"«{text}»"), Both(Reasons.Meaning(stored)));
    }

    [Fact]
    public void What_took_its_place_is_known_also_where_an_older_build_wrote_it()
    {
        Assert.Equal(7, Reasons.SupersededBy("superseded 7"));
        Assert.Equal(7, Reasons.SupersededBy("superseded by version 7"));
        Assert.Null(Reasons.SupersededBy("opted_out"));
        Assert.Null(Reasons.SupersededBy(null));
    }

    [Fact]
    public void A_reason_is_found_by_its_code_its_words_in_any_language_and_by_what_was_said()
    {
        Assert.Contains(@"node\_lost: %", ReasonSearch.Patterns("was lost while")!);
        Assert.Contains(@"node\_lost: %", ReasonSearch.Patterns("пропал во время")!);
        Assert.Contains(@"past\_use", ReasonSearch.Patterns("past_use")!);
        Assert.DoesNotContain(@"past\_use\_shut %", ReasonSearch.Patterns("past_use")!);
        Assert.Contains(@"%100\% of chat\_x%", ReasonSearch.Patterns("100% of chat_x")!);
        Assert.Null(ReasonSearch.Patterns(" "));
    }

    private static (string English, string Russian) Both(Sentence sentence) => (Wording.English.Of(sentence), Wording.Russian.Of(sentence));

    private static string Written(Sentence read) =>
        Reasons.Of(read.Code["reason.".Length..], [.. read.Values.Select(value => value is Sentence inner ? Inner(inner) : value)]);

    private static string Inner(Sentence inner) => inner.Code == "reason.said" ? (string)inner.Values[0]! : Written(inner);
}
