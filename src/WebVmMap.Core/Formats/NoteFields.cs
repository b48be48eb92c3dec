using System.Collections.Immutable;
using System.Runtime.InteropServices;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Core.Formats;

/// <summary>The notes that frames and snapshots carry alike.</summary>
internal static class NoteFields
{
    /// <exception cref="ArgumentException">There are more than <see cref="FormatLimits.MaxNotes"/>.</exception>
    public static void Write(FormatWriter writer, ImmutableArray<SnapshotNote> notes)
    {
        if (notes.Length > FormatLimits.MaxNotes)
        {
            throw new ArgumentException($"{notes.Length} notes are more than a snapshot may hold, {FormatLimits.MaxNotes}.");
        }
        writer.Varint((ulong)notes.Length);
        foreach (var note in notes)
        {
            writer.Byte((byte)note.Kind);
            writer.Text(note.Text);
        }
    }

    /// <exception cref="InvalidDataException">A rule is broken.</exception>
    public static ImmutableArray<SnapshotNote> Read(ref FormatReader reader)
    {
        var notes = new SnapshotNote[reader.Count("notes", FormatLimits.MaxNotes)];
        for (var i = 0; i < notes.Length; i++)
        {
            var kind = (SnapshotNoteKind)reader.Byte("kind of a note");
            if (kind is SnapshotNoteKind.Unspecified or > SnapshotNoteKind.ChangedWhileRead)
            {
                throw new InvalidDataException($"The note kind {(byte)kind} does not exist.");
            }
            notes[i] = new SnapshotNote(kind, reader.Text("note"));
        }
        return ImmutableCollectionsMarshal.AsImmutableArray(notes);
    }
}
