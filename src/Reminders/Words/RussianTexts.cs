namespace Reminders.Words;

/// <summary>Что не так с текстами вида.</summary>
internal static class RussianTexts
{
    public static readonly Dictionary<string, string> Texts = new()
    {
        ["wrong.text_empty"] = "текст пустой.",
        ["wrong.text_brace"] = "«{0}» на месте {1} не начинает {2}; сама скобка пишется дважды.",
        ["wrong.text_open"] = "«{0}» на месте {1} не закрыто.",
        ["wrong.text_closes"] = "«{0}» на месте {1} ничего не закрывает; сама скобка пишется дважды.",
        ["wrong.text_format"] = "формат в нём не годится («{0}»).",
        ["wrong.text_asks"] = "здесь {0}, а такого значения нет; есть {1}.",
        ["wrong.text_asks_of"] = "здесь {0}, а это есть не у каждого ({1:@subject}); есть {2}.",
        ["wrong.text_long"] = "даже без значений символов {0}, а {1} берёт не больше {2}.",
        ["wrong.text_unrendered"] = "собрать нельзя: {0}",
        ["wrong.text_missing"] = "нет.",
        ["wrong.text_english"] = "нет, а эти тексты заменяют тексты любого другого языка.",
        ["wrong.text_of_label"] = "нет, а это надпись на кнопке.",
        ["wrong.text_of_reply"] = "нет, а это текст сообщения после такого ответа.",
        ["wrong.text_elsewhere"] = "есть текст на языке «{0}», а в Templates есть {1}.",
        ["wrong.text_alike"] = "на двух кнопках в {1} стоит «{0}»: надписи там сокращаются, а две одинаковые не принимаются.",
        ["wrong.text_label"] = "«{0}», символов {1}, а {2} показывает не больше {3}.",
    };
}
