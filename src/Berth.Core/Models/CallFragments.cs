using System.Text;
using System.Text.Json;
using Berth.Protocol;

namespace Berth.Core.Models;

/// <summary>Puts the tool calls of one answer together from the fragments in which servers stream them.</summary>
internal sealed class CallFragments
{
    private readonly List<Draft> _drafts = [];

    /// <summary>Calls begun so far.</summary>
    public int Count => _drafts.Count;

    /// <summary>One fragment of one call, as it came.</summary>
    /// <param name="Index">Which call it belongs to; null when the server does not say.</param>
    /// <param name="IsWhole"><paramref name="Arguments"/> came as a JSON object, not as text.</param>
    /// <param name="Extra">What the server wants back with this call, as JSON text.</param>
    internal record struct Fragment(
        int? Index, string? Id, string? Name, string? Arguments, bool IsWhole, string? Extra = null);

    /// <summary>Adds a fragment to the call it belongs to.</summary>
    /// <exception cref="JsonException">The answer has senselessly many calls.</exception>
    public void Add(Fragment fragment)
    {
        var draft = Find(fragment);
        if (draft is null)
        {
            if (_drafts.Count == Limits.CallsPerAnswer)
            {
                throw new JsonException("too many tool calls");
            }

            draft = new Draft { Index = fragment.Index };
            _drafts.Add(draft);
        }

        draft.Id = string.IsNullOrEmpty(draft.Id) ? fragment.Id ?? "" : draft.Id;
        draft.Extra = fragment.Extra ?? draft.Extra;
        if (!string.IsNullOrEmpty(fragment.Name) && draft.Name != fragment.Name
            && draft.Name.Length < CallArguments.MaxToolChars)
        {
            // Most servers send the name once, a few in every fragment, very few in pieces.
            draft.Name += fragment.Name;
        }

        if (fragment.IsWhole)
        {
            draft.Arguments.Clear();
        }

        draft.Arguments.Append(fragment.Arguments);
        draft.Fragments++;
    }

    /// <summary>The calls as far as they came.</summary>
    public IReadOnlyList<ModelToolCall> Calls() =>
        [.. _drafts.Select(d => CallArguments.Call(d.Id, d.Name, d.Arguments.ToString()))];

    /// <summary>What the server wants back with each call, in the order of the calls; null where nothing.</summary>
    public IReadOnlyList<string?> Extras() => [.. _drafts.Select(d => d.Extra)];

    private Draft? Find(Fragment fragment)
    {
        var same = fragment.Index is { } index
            ? _drafts.FindLast(d => d.Index == index)
            : string.IsNullOrEmpty(fragment.Id) ? _drafts.LastOrDefault() : _drafts.FindLast(d => d.Id == fragment.Id);
        if (same is null)
        {
            return null;
        }

        // Some servers send whole calls one after the other and give all of them the index 0, or none.
        var begins = !string.IsNullOrEmpty(fragment.Name) && same.Name.Length > 0;
        var hasOtherId = !string.IsNullOrEmpty(fragment.Id) && same.Id.Length > 0 && same.Id != fragment.Id;
        var hasNoId = string.IsNullOrEmpty(fragment.Id) && same.Id.Length == 0;
        return begins && (hasOtherId || (hasNoId && same.IsWhole())) ? null : same;
    }

    private sealed class Draft
    {
        public int? Index { get; init; }

        public string Id { get; set; } = "";

        public string Name { get; set; } = "";

        public StringBuilder Arguments { get; } = new();

        public string? Extra { get; set; }

        public int Fragments { get; set; }

        // Asked of calls only that came in one fragment, so that a long call is not read again with each of its own.
        public bool IsWhole() => Fragments == 1 && CallArguments.IsObject(Arguments.ToString());
    }
}
