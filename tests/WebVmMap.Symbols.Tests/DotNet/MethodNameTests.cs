using WebVmMap.Symbols.DotNet;

namespace WebVmMap.Symbols.Tests.DotNet;

/// <summary>Names as runtimes tell them, and as their stack traces write them.</summary>
public sealed class MethodNameTests
{
    [Theory]
    [InlineData("Shop.Orders", "Take", "instance void  ()", "Shop.Orders.Take()")]
    [InlineData("Shop.Orders", "Take", "instance class System.Threading.Tasks.Task`1<int32>  (int32,class System.String,bool)", "Shop.Orders.Take(Int32, String, Boolean)")]
    [InlineData("Shop.Orders+Line", ".ctor", "instance void  (class Shop.Orders,float64)", "Shop.Orders.Line..ctor(Orders, Double)")]
    [InlineData("System.Collections.Generic.List`1[System.__Canon]", "Add", "instance void  (!0)", "System.Collections.Generic.List`1.Add(T)")]
    [InlineData("Shop.Box`2[System.Int32,System.__Canon]", "Put", "generic instance void  (!0,!!0[],class System.Collections.Generic.Dictionary`2<!0,class System.Collections.Generic.List`1<!1>>)", "Shop.Box`2.Put(T, T[], Dictionary`2)")]
    [InlineData("Shop.Orders+<TakeAsync>d__3", "MoveNext", "instance void  ()", "Shop.Orders.TakeAsync()")]
    [InlineData("Shop.Orders+<TakeAsync>d__3`1[System.__Canon]", "MoveNext", "instance void  ()", "Shop.Orders.TakeAsync()")]
    [InlineData("Shop.Orders+<All>d__7", "MoveNext", "instance bool  ()", "Shop.Orders.All()")]
    [InlineData("Shop.Orders+<>c+<<Start>b__0_1>d", "MoveNext", "instance void  ()", "Shop.Orders.<>c.<Start>b__0_1()")]
    [InlineData("Shop.Orders+<<Start>g__Local|0_1>d", "MoveNext", "instance void  ()", "Shop.Orders.<Start>g__Local|0_1()")]
    [InlineData("Shop.Walk+Enumerator", "MoveNext", "instance bool  ()", "Shop.Walk.Enumerator.MoveNext()")]
    [InlineData("Program", "<Main>$", "void  (class System.String[])", "Program.<Main>$(String[])")]
    [InlineData("Program+<>c__DisplayClass0_1", "<<Main>$>b__2", "instance void  ()", "Program.<>c__DisplayClass0_1.<<Main>$>b__2()")]
    [InlineData("System.Buffer", "Copy", "void  (unsigned int8*,unsigned int8&,value class System.Span`1<unsigned int8>,unsigned int64,int32[,],wchar)", "System.Buffer.Copy(Byte*, Byte&, Span`1, UInt64, Int32[,], Char)")]
    [InlineData("dynamicClass", "lambda_method1", "int32  (class System.Runtime.CompilerServices.Closure)", "dynamicClass.lambda_method1(Closure)")]
    [InlineData("Shop.Pointers", "Call", "void  (method void *(int32,int32),int64)", "Shop.Pointers.Call(method void *(int32,int32), Int64)")]
    [InlineData("", "", "", "()")]
    [InlineData("Shop.Orders+<", "MoveNext", "  (", "Shop.Orders.<.MoveNext()")]
    [InlineData("[", "x", "void  (<<<,>>>", "[.x()")]
    public void Readable_AsTheRuntimeTellsIt_IsAsPeopleCallIt(string type, string method, string signature, string readable) =>
        Assert.Equal(readable, MethodName.Readable(type, method, signature));
}
