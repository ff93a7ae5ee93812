using Reminders.Nodes;

namespace Reminders.Tests.Nodes;

/// <summary>Whose pages ask for themselves again when a command has changed something.</summary>
public sealed class ViewersTold
{
    private readonly ViewerSignal _looked = new();

    [Fact]
    public void A_recruiter_of_their_own_bookings_and_an_operator_of_everybodys()
    {
        var (rita, boris, olga) = (_looked.Next(17), _looked.Next(23), _looked.Next(null));

        _looked.Changed("17");

        Assert.True(rita.IsCompleted);
        Assert.False(boris.IsCompleted);
        Assert.True(olga.IsCompleted);
        Assert.False(_looked.Next(17).IsCompleted);
    }

    [Fact]
    public void Each_of_those_that_are_named()
    {
        var (rita, boris, third) = (_looked.Next(17), _looked.Next(23), _looked.Next(4));

        _looked.Changed("17,23");

        Assert.True(rita.IsCompleted && boris.IsCompleted);
        Assert.False(third.IsCompleted);
    }

    /// <summary>Another build's words, or too many of them.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("bulk")]
    [InlineData("17,")]
    public void Everybody_where_it_is_not_said_whose(string payload)
    {
        var (rita, boris) = (_looked.Next(17), _looked.Next(23));

        _looked.Changed(payload);

        Assert.True(rita.IsCompleted && boris.IsCompleted);
    }
}
