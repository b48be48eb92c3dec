/* A program that makes one of each kind of memory and says on standard output what it made, as JSON and then a line "ready".
 * For every line on its standard input it allocates 1 MiB more and says where; it ends when its input does.
 * The tests compare what the probe sees with what it says. Built with x86_64-w64-mingw32-gcc. */
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>

#define KIB 1024ull
#define MIB (1024 * KIB)

static volatile char written_data[64 * KIB] = {1};

static HANDLE thread_ready;

typedef HRESULT (WINAPI *set_description)(HANDLE, PCWSTR);

static DWORD WINAPI thread_main(void *name)
{
    volatile char on_stack[96 * KIB];
    for (unsigned i = 0; i < sizeof on_stack; i += 4096) on_stack[i] = 1;
    set_description describe = (set_description)(void *)GetProcAddress(GetModuleHandleW(L"kernelbase.dll"), "SetThreadDescription");
    if (describe != NULL && name != NULL) describe(GetCurrentThread(), name);
    printf("\"stackAddress\":%llu", (unsigned long long)(ULONG_PTR)on_stack);
    fflush(stdout);
    SetEvent(thread_ready);
    Sleep(INFINITE);
    return on_stack[0];
}

static void *reserve(SIZE_T size) { return VirtualAlloc(NULL, size, MEM_RESERVE, PAGE_READWRITE); }
static void *commit(void *at, SIZE_T size, DWORD protect) { return VirtualAlloc(at, size, MEM_COMMIT, protect); }

static void area(const char *name, void *address, unsigned long long size, unsigned long long committed, const char *more)
{
    if (address == NULL) { fprintf(stderr, "%s: error %lu\n", name, GetLastError()); exit(1); }
    printf(",\n\"%s\":{\"address\":%llu,\"size\":%llu,\"committed\":%llu%s}", name, (unsigned long long)(ULONG_PTR)address, size, committed, more);
}

int main(int argc, char **argv)
{
    char *p;
    if (argc < 2) { fprintf(stderr, "usage: regions FILE\n"); return 2; }

    printf("{\"pid\":%lu,\"mainThread\":%lu", GetCurrentProcessId(), GetCurrentThreadId());

    /* 1 MiB reserved, its second 64 KiB committed and its first page of that written. */
    p = reserve(1 * MIB);
    commit(p + 64 * KIB, 64 * KIB, PAGE_READWRITE);
    p[64 * KIB] = 1;
    area("reserve", p, 1 * MIB, 64 * KIB, "");

    /* 20 KiB: the other 44 KiB of its granule are unusable. */
    p = VirtualAlloc(NULL, 20 * KIB, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    memset(p, 1, 20 * KIB);
    area("commit", p, 20 * KIB, 20 * KIB, "");

    /* Four pages: read-write, guarded, no access, read-execute. */
    DWORD old;
    p = VirtualAlloc(NULL, 16 * KIB, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    VirtualProtect(p + 4 * KIB, 4 * KIB, PAGE_READWRITE | PAGE_GUARD, &old);
    VirtualProtect(p + 8 * KIB, 4 * KIB, PAGE_NOACCESS, &old);
    VirtualProtect(p + 12 * KIB, 4 * KIB, PAGE_EXECUTE_READ, &old);
    area("protections", p, 16 * KIB, 16 * KIB, "");

    p = VirtualAlloc(NULL, 64 * KIB, MEM_RESERVE | MEM_COMMIT, PAGE_EXECUTE_READWRITE);
    area("rwx", p, 64 * KIB, 64 * KIB, "");

    HANDLE file = CreateFileA(argv[1], GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    HANDLE file_section = CreateFileMappingW(file, NULL, PAGE_READONLY, 0, 0, NULL);
    p = MapViewOfFile(file_section, FILE_MAP_READ, 0, 0, 0);
    area("file", p, (GetFileSize(file, NULL) + 4095) & ~4095ul, (GetFileSize(file, NULL) + 4095) & ~4095ul, "");

    HANDLE section = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 2 * MIB, NULL);
    p = MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0);
    memset(p, 1, 100 * KIB);
    area("section", p, 2 * MIB, 2 * MIB, "");

    HANDLE heap = HeapCreate(0, 0, 0);
    for (int i = 0; i < 100; i++) memset(HeapAlloc(heap, 0, 1000), 1, 1000);
    area("heap", heap, 0, 0, "");
    area("mainHeap", GetProcessHeap(), 0, 0, "");
    area("image", GetModuleHandleW(NULL), 0, 0, "");
    area("ntdll", GetModuleHandleW(L"ntdll.dll"), 0, 0, "");
    area("imageData", (void *)written_data, sizeof written_data, sizeof written_data, "");
    for (unsigned i = 0; i < sizeof written_data; i += 4096) written_data[i] = 2;

    thread_ready = CreateEventW(NULL, FALSE, FALSE, NULL);
    static WCHAR names[2][16] = {L"worker", L""};
    printf(",\n\"threads\":[");
    for (int i = 0; i < 2; i++) {
        DWORD id;
        HANDLE thread = CreateThread(NULL, i == 0 ? 512 * KIB : 2 * MIB, thread_main, i == 0 ? names[0] : NULL,
                                     STACK_SIZE_PARAM_IS_A_RESERVATION | CREATE_SUSPENDED, &id);
        if (thread == NULL) return 1;
        printf("%s{\"id\":%lu,\"name\":\"%ls\",\"reserve\":%llu,", i == 0 ? "" : ",", id, names[i], i == 0 ? 512 * KIB : 2 * MIB);
        fflush(stdout);
        ResumeThread(thread); /* it goes on with the line */
        CloseHandle(thread);
        WaitForSingleObject(thread_ready, INFINITE);
        printf("}");
    }
    volatile char here;
    printf("],\n\"mainStackAddress\":%llu}\nready\n", (unsigned long long)(ULONG_PTR)&here);
    fflush(stdout);

    for (int c; (c = getchar()) != EOF;) {
        if (c != '\n') continue;
        p = VirtualAlloc(NULL, 1 * MIB, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
        memset(p, 1, 1 * MIB);
        printf("%llu\n", (unsigned long long)(ULONG_PTR)p);
        fflush(stdout);
    }
    return 0;
}
