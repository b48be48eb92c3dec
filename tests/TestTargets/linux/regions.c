/* Makes one mapping of each kind and prints what is true of it:
 *   kind address size committed private privateWs shareableWs sharedWs locked
 * in bytes. Every mapping has a hole on both sides, so that the kernel joins none with its neighbours. */
#define _GNU_SOURCE
#include "target.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

static const size_t PAGE = 4 * KIB;

/* Address space of its own for a mapping, aligned to 2 MiB; nothing is mapped there yet or beside it. */
static char *room(size_t size)
{
    size_t whole = size + 6 * MIB;
    char *p = mmap(NULL, whole, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    fail_if(p == MAP_FAILED, "room");
    fail_if(munmap(p, whole) != 0, "munmap");
    return (char *)(((size_t)p + 4 * MIB - 1) & ~(2 * MIB - 1));
}

static char *map(size_t size, int protection, int flags, int file)
{
    char *p = mmap(room(size), size, protection, flags | MAP_FIXED_NOREPLACE, file, 0);
    fail_if(p == MAP_FAILED, "mmap");
    return p;
}

static void write_pages(char *p, size_t size)
{
    for (size_t i = 0; i < size; i += PAGE)
        p[i] = 1;
}

static void read_pages(const char *p, size_t size)
{
    volatile char sum = 0;
    for (size_t i = 0; i < size; i += PAGE)
        sum += p[i];
}

static void say(const char *kind, void *p, size_t size, size_t committed, size_t own, size_t private_ws, size_t shareable_ws, size_t shared_ws, size_t locked)
{
    printf("%s %p %zu %zu %zu %zu %zu %zu %zu\n", kind, p, size, committed, own, private_ws, shareable_ws, shared_ws, locked);
}

static int file_of(const char *path, size_t size)
{
    int file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    fail_if(file < 0, path);
    char page[4096];
    memset(page, 7, sizeof page);
    for (size_t i = 0; i < size; i += sizeof page)
        fail_if(write(file, page, sizeof page) != sizeof page, "write");
    return file;
}

int main(int count, char **arguments)
{
    if (count != 2) {
        fprintf(stderr, "usage: regions DIRECTORY\n");
        return 2;
    }
    char path[4096], note[64];

    /* Two processes: pages that a fork left in both, and a shared mapping that both have touched. */
    char *forked = map(MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    write_pages(forked, MIB);
    char *both = map(MIB, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1);
    write_pages(both, 256 * KIB);
    int touched[2];
    fail_if(pipe(touched) != 0, "pipe");
    pid_t child = fork();
    fail_if(child < 0, "fork");
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        read_pages(both, 256 * KIB);
        fail_if(write(touched[1], "", 1) != 1, "write");
        for (;;)
            pause();
    }
    fail_if(read(touched[0], note, 1) != 1, "read");
    say("forked", forked, MIB, MIB, MIB, MIB, 0, 0, 0);
    say("shared-by-two", both, MIB, MIB, 0, 0, 256 * KIB, 256 * KIB, 0);

    char *p = map(MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    write_pages(p, 512 * KIB);
    say("anonymous", p, MIB, MIB, MIB, 512 * KIB, 0, 0, 0);

    p = map(MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    say("anonymous-untouched", p, MIB, MIB, MIB, 0, 0, 0, 0);

    p = map(MIB, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1);
    write_pages(p, 128 * KIB);
    say("anonymous-shared", p, MIB, MIB, 0, 0, 128 * KIB, 0, 0);

    int file = memfd_create("target", MFD_CLOEXEC);
    fail_if(file < 0 || ftruncate(file, 512 * KIB) != 0, "memfd_create");
    p = map(512 * KIB, PROT_READ | PROT_WRITE, MAP_SHARED, file);
    write_pages(p, 64 * KIB);
    say("memfd", p, 512 * KIB, 512 * KIB, 0, 0, 64 * KIB, 0, 0);

    snprintf(path, sizeof path, "%s/read only file", arguments[1]);
    p = map(MIB, PROT_READ, MAP_PRIVATE, file_of(path, MIB));
    read_pages(p, MIB);
    say("file-read-only", p, MIB, MIB, 0, 0, MIB, 0, 0);

    snprintf(path, sizeof path, "%s/private file", arguments[1]);
    p = map(MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE, file_of(path, MIB));
    read_pages(p, MIB);
    write_pages(p, 64 * KIB);
    say("file-private-written", p, MIB, MIB, MIB, 64 * KIB, MIB - 64 * KIB, 0, 0);

    snprintf(path, sizeof path, "%s/deleted file", arguments[1]);
    p = map(MIB, PROT_READ | PROT_WRITE, MAP_SHARED, file_of(path, MIB));
    write_pages(p, MIB);
    fail_if(unlink(path) != 0, "unlink");
    say("file-shared", p, MIB, MIB, 0, 0, MIB, 0, 0);

    snprintf(path, sizeof path, "/dev/shm/webvmmap-target-%d", (int)getpid());
    p = map(MIB, PROT_READ | PROT_WRITE, MAP_SHARED, file_of(path, MIB));
    write_pages(p, MIB);
    fail_if(unlink(path) != 0, "unlink");
    say("dev-shm", p, MIB, MIB, 0, 0, MIB, 0, 0);

    int segment = shmget(IPC_PRIVATE, MIB, IPC_CREAT | 0600);
    fail_if(segment < 0, "shmget");
    p = shmat(segment, room(MIB), 0);
    fail_if(p == (void *)-1, "shmat");
    fail_if(shmctl(segment, IPC_RMID, NULL) != 0, "shmctl");
    write_pages(p, 32 * KIB);
    say("sysv", p, MIB, MIB, 0, 0, 32 * KIB, 0, 0);

    p = map(16 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1);
    fail_if(madvise(p, 16 * MIB, MADV_NOHUGEPAGE) != 0, "madvise");
    write_pages(p, 64 * KIB);
    say("noreserve", p, 16 * MIB, 64 * KIB, 64 * KIB, 64 * KIB, 0, 0, 0);

    p = map(1024 * MIB, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    say("reserve", p, 1024 * MIB, 0, 0, 0, 0, 0, 0);

    /* What was charged once stays charged when access is taken away. */
    p = map(MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    write_pages(p, MIB);
    fail_if(mprotect(p, MIB, PROT_NONE) != 0, "mprotect");
    say("written-then-none", p, MIB, MIB, MIB, MIB, 0, 0, 0);

    p = map(128 * KIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    write_pages(p, 128 * KIB);
    if (mlock(p, 128 * KIB) == 0)
        say("locked", p, 128 * KIB, 128 * KIB, 128 * KIB, 128 * KIB, 0, 0, 128 * KIB);

    p = map(4 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    fail_if(madvise(p, 4 * MIB, MADV_HUGEPAGE) != 0, "madvise");
    write_pages(p, 4 * MIB);
    say("huge", p, 4 * MIB, 4 * MIB, 4 * MIB, 4 * MIB, 0, 0, 0);

    /* Only where the machine has set huge pages aside. */
    p = mmap(NULL, 2 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
    if (p != MAP_FAILED) {
        write_pages(p, 2 * MIB);
        say("hugetlb", p, 2 * MIB, 2 * MIB, 2 * MIB, 2 * MIB, 0, 0, 0);
    }

    stay_until_input_ends();
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    return 0;
}
