using Reminders.Web.Keys;

namespace Reminders.Web.Console.Texts;

internal sealed partial class RussianWords
{
    public override string ResetLoses => "Сеансы закончатся, когда код будет использован.";

    public override string DisableLoses(string login) => $"{login} больше не сможет войти. Сеансы заканчиваются сразу и на всех узлах.";

    public override string EnableGives(string login) => $"{login} снова сможет войти с прежним паролем.";

    public override string RevokeLoses(ApiKeyInfo key, TimeZoneInfo zone)
    {
        var used = key.LastUsedAt is { } at ? $"Последний раз ключ использован {When(at, zone)}." : "Ключ не использован ни разу.";
        return $"Кто обращается к API как {key.Name} (владелец {key.Owner}: {KeyScopes(key)}), получит отказ со следующего "
            + $"запроса, на всех узлах и навсегда. {used}";
    }

    public override string ApiKeys => "Ключи API";
    public override string NoKeys => "Ключей ещё нет. Приложению нужен ключ, чтобы обращаться к API; первый можно создать ниже.";
    public override string MakeKey => "Создать ключ";
    public override string KeyIs => "Ключ показывается один раз, сейчас:";
    public override string KeyName => "Имя";
    public override string KeyOwner => "Владелец";
    public override string KeyOwnerHint => "Приложение или арендатор, чьи записи и людей он находит. Если не указан, это имя ключа.";
    public override string KeyMay => "Может";

    public override string KeyScopes(ApiKeyInfo key) =>
        (key.Scopes.Contains(ApiScopes.Operate) ? Scope(ApiScopes.Operate) : string.Join(", ", key.Scopes.Select(Scope)))
        + (key.Recruiter is { } recruiter ? $" ({recruiter})" : "");

    public override string Scope(string scope) =>
        scope switch
        {
            ApiScopes.Bookings => "записи своего владельца",
            ApiScopes.RecruitersBookings => "записи одного рекрутера",
            ApiScopes.Notifications => "отправлять уведомления",
            ApiScopes.Recipients => "люди и группы",
            ApiScopes.Tokens => "ключи к входящим",
            ApiScopes.Operate => "всё, и чужое тоже",
            _ => scope,
        };

    public override string KeyRecruiterHint => "Тогда ключ находит записи этого человека и больше ничего, что бы ни было отмечено выше.";
    public override string KeyDays => "Действует столько дней; если не указано, то пока его не отзовут";
    public override string DaysWrong => "Дни указываются целым числом, например 90.";
    public override string LastUsed => "Последнее использование";
    public override string NeverUsed => "ни разу";
    public override string KeyState => "Действует";
    public override string KeyStands => "пока не отозван";
    public override string KeyExpires => "до";
    public override string KeyRevoked => "отозван";
}
