using CsCheck;
using WebVmMap.Core.Regions;
using WebVmMap.Hub.Components.Details;
using WebVmMap.Hub.Components.Views;

namespace WebVmMap.Components.Tests.Views;

public sealed class ViewStateUrlTests
{
    private const string FilterLetters = "abZ09 &=\">%+é-:#?";

    private static readonly Gen<SelectionTokens> s_selections = Gen.OneOf(
        Gen.ULong.Select(SelectionTokens.Region),
        Gen.ULong.Select(SelectionTokens.Allocation),
        Gen.Const("g:Mapped File|/a b/c,d|é&=#?")).List[0, 5].Select(SelectionTokens.Of);

    [Fact]
    public void Parse_WhatFormatWrote_IsTheSameState() =>
        Gen.Select(
            Gen.Enum<PictureView>(),
            Gen.Enum<RegionMetric>(),
            Gen.Enum<RegionColouring>(),
            Gen.Int[0, FilterLetters.Length - 1].Select(i => FilterLetters[i]).Array[0, 20].Select(letters => new string(letters)),
            Gen.Int[0, 10],
            s_selections,
            Gen.Select(Gen.Enum<DetailsColumn>(), Gen.Bool, Gen.Int[0, ViewState.Intervals.Count - 1].Select(i => ViewState.Intervals[i])),
            Gen.Bool).Sample((view, area, colour, filter, category, selection, rest, free) =>
            {
                var state = new ViewState
                {
                    View = view,
                    Area = area,
                    Colour = colour,
                    Filter = filter,
                    Category = category == 0 ? null : (RegionCategory)category,
                    Selection = selection,
                    Zoom = "g:Image|/usr/bin/a b",
                    ShowFree = free,
                    Sort = new DetailsSort(rest.Item1, rest.Item2),
                    IntervalMs = rest.Item3,
                    Timeline = RegionMetric.Private,
                };
                Assert.Equal(state, ViewStateUrl.Parse(ViewStateUrl.Format(state, ViewState.Default), ViewState.Default));
            });

    [Fact]
    public void Format_DefaultState_IsEmpty() => Assert.Equal("", ViewStateUrl.Format(ViewState.Default, ViewState.Default));

    [Theory]
    [InlineData("view=nonsense&area=7&colour=&cat=Nothing&sort=3&every=17&time=size&free=yes&sel=x:1\nr:12")]
    [InlineData("sort=-&every=-2000&sel=")]
    [InlineData("every=99999999999999999999")]
    public void Parse_WhatMeansNothing_IsPassedOver(string query) => Assert.Equal(ViewState.Default, ViewStateUrl.Parse(query, ViewState.Default));

    [Fact]
    public void StepBack_FromEverything_UndoesSelectionCategoryFilterZoomInTurn()
    {
        var state = ViewState.Default with { Selection = SelectionTokens.Of("r:0x1000"), Category = RegionCategory.Heap, Filter = "x", Zoom = "c:Heap" };
        var steps = new List<ViewState>();
        for (var next = state.StepBack(); next != state; next = state.StepBack())
        {
            steps.Add(state = next);
        }
        Assert.Equal(4, steps.Count);
        Assert.True(steps[0].Selection.IsEmpty && steps[0].Category is not null);
        Assert.True(steps[1].Category is null && steps[1].Filter == "x");
        Assert.True(steps[2].Filter == "" && steps[2].Zoom == "c:Heap");
        Assert.Equal(ViewState.Default, steps[3]);
    }
}
