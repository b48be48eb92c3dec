namespace WebVmMap.Symbols.Dwarf;

/// <summary>Forms of values. DWARF 5, table 7.6, and GNU's own ones.</summary>
internal static class Form
{
    public const int Addr = 0x01;
    public const int Block2 = 0x03;
    public const int Block4 = 0x04;
    public const int Data2 = 0x05;
    public const int Data4 = 0x06;
    public const int Data8 = 0x07;
    public const int String = 0x08;
    public const int Block = 0x09;
    public const int Block1 = 0x0a;
    public const int Data1 = 0x0b;
    public const int Flag = 0x0c;
    public const int SData = 0x0d;
    public const int StrP = 0x0e;
    public const int UData = 0x0f;
    public const int RefAddr = 0x10;
    public const int Ref1 = 0x11;
    public const int Ref2 = 0x12;
    public const int Ref4 = 0x13;
    public const int Ref8 = 0x14;
    public const int RefUData = 0x15;
    public const int Indirect = 0x16;
    public const int SecOffset = 0x17;
    public const int ExprLoc = 0x18;
    public const int FlagPresent = 0x19;
    public const int StrX = 0x1a;
    public const int AddrX = 0x1b;
    public const int RefSup4 = 0x1c;
    public const int StrPSup = 0x1d;
    public const int Data16 = 0x1e;
    public const int LineStrP = 0x1f;
    public const int RefSig8 = 0x20;
    public const int ImplicitConst = 0x21;
    public const int LocListX = 0x22;
    public const int RngListX = 0x23;
    public const int RefSup8 = 0x24;
    public const int StrX1 = 0x25;
    public const int StrX2 = 0x26;
    public const int StrX3 = 0x27;
    public const int StrX4 = 0x28;
    public const int AddrX1 = 0x29;
    public const int AddrX2 = 0x2a;
    public const int AddrX3 = 0x2b;
    public const int AddrX4 = 0x2c;
    public const int GnuRefAlt = 0x1f20;
    public const int GnuStrPAlt = 0x1f21;

    public static bool IsAddressIndex(int form) => form is AddrX or AddrX1 or AddrX2 or AddrX3 or AddrX4;

    public static bool IsStringIndex(int form) => form is StrX or StrX1 or StrX2 or StrX3 or StrX4;

    /// <summary>Bytes of a value where they are always the same; -1 where they are not.</summary>
    public static int FixedSize(int form, int addressSize, int offsetSize, int version) => form switch
    {
        FlagPresent or ImplicitConst => 0,
        Data1 or Flag or Ref1 or StrX1 or AddrX1 => 1,
        Data2 or Ref2 or StrX2 or AddrX2 => 2,
        StrX3 or AddrX3 => 3,
        Data4 or Ref4 or StrX4 or AddrX4 or RefSup4 => 4,
        Data8 or Ref8 or RefSig8 or RefSup8 => 8,
        Data16 => 16,
        Addr => addressSize,
        // Version 2 gave references the size of an address.
        RefAddr => version <= 2 ? addressSize : offsetSize,
        StrP or SecOffset or LineStrP or StrPSup or GnuRefAlt or GnuStrPAlt => offsetSize,
        _ => -1,
    };

    /// <summary>Reads a value.</summary>
    /// <param name="cursor">At the value; behind it afterwards.</param>
    /// <param name="form">Its form; an indirect one is replaced by the form found.</param>
    /// <param name="unit">Sizes, and what references count from.</param>
    /// <param name="implicitConst">The value where the form says that the abbreviation has it.</param>
    /// <param name="origin">Where the cursor's first byte is in its section: text in place is told by where it is.</param>
    /// <returns>A number; of a reference within the unit the place in the section; of a block nothing.</returns>
    public static ulong Read(ref Cursor cursor, ref int form, DwarfUnit unit, long implicitConst, ulong origin)
    {
        if (form == Indirect)
        {
            form = (int)Math.Min(cursor.ULeb(), int.MaxValue);
        }
        switch (form)
        {
            case Data1 or Flag or StrX1 or AddrX1: return cursor.Byte();
            case Data2 or StrX2 or AddrX2: return cursor.UInt16();
            case StrX3 or AddrX3: return cursor.UInt24();
            case Data4 or StrX4 or AddrX4 or RefSup4: return cursor.UInt32();
            case Data8 or RefSig8 or RefSup8: return cursor.UInt64();
            case Ref1: return unit.Offset + cursor.Byte();
            case Ref2: return unit.Offset + cursor.UInt16();
            case Ref4: return unit.Offset + cursor.UInt32();
            case Ref8: return unit.Offset + cursor.UInt64();
            case RefUData: return unit.Offset + cursor.ULeb();
            case Addr: return cursor.Number(unit.AddressSize);
            case RefAddr: return cursor.Number(unit.Version <= 2 ? unit.AddressSize : unit.OffsetSize);
            case StrP or SecOffset or LineStrP or StrPSup or GnuRefAlt or GnuStrPAlt: return cursor.Number(unit.OffsetSize);
            case UData or StrX or AddrX or LocListX or RngListX: return cursor.ULeb();
            case SData: return (ulong)cursor.SLeb();
            case FlagPresent: return 1;
            case ImplicitConst: return (ulong)implicitConst;
            case String:
                var at = origin + (ulong)cursor.Position;
                cursor.SkipText();
                return at;
            case Block1: cursor.Skip(cursor.Byte()); return 0;
            case Block2: cursor.Skip(cursor.UInt16()); return 0;
            case Block4: cursor.Skip(cursor.UInt32()); return 0;
            case Block or ExprLoc: cursor.Skip(cursor.ULeb()); return 0;
            case Data16: cursor.Skip(16); return 0;
            default:
                // An unknown form has an unknown size: nothing behind it can be read.
                cursor.Skip(ulong.MaxValue);
                return 0;
        }
    }
}
