/* The slow half: the walk by recipes, and the publishing of a stack that this thread has not told of yet. */
#include "capture.h"
#include "events.h"
#include <string.h>

#define FIRST_STACKS 4096u
#define MOST_STACKS (1u << 24)
#define POOL_BYTES (256u << 10)

struct walk {
  uintptr_t addresses[MAX_FRAMES];
  int32_t at[MAX_FRAMES * 2];
  uint32_t frames, saved;
  bool cut, predictable;
};

static bool readable(const struct thread_state *thread, uintptr_t at) { return at >= thread->stack_low && at + 8 <= thread->stack_high && (at & 7) == 0; }

static void walk(struct thread_state *thread, uintptr_t frame, struct walk *w) {
  uintptr_t base = frame + 16, pc = ((uintptr_t *)frame)[1], rbp = ((uintptr_t *)frame)[0], sp = base;
  int32_t rbp_at = -16; /* where the value of rbp was read, from base */
  uint32_t most = tracer_ring->max_frames;
  if (most == 0 || most > MAX_FRAMES) most = MAX_FRAMES;
  w->frames = w->saved = 0;
  w->cut = false;
  w->predictable = true;
  w->at[w->frames] = -8;
  w->addresses[w->frames++] = pc;
  /* Offsets of saved rbp that a frame address was made from; moved behind the others at the end. */
  int32_t saved[MAX_FRAMES];
  for (;;) {
    struct recipe *recipe = &thread->recipes[(pc * 0x9E3779B97F4A7C15ull) >> 52];
    if (unlikely(recipe->pc != pc)) recipe_make(pc, recipe);
    uint8_t flags = recipe->flags;
    if (flags & RECIPE_END) break;
    if (flags & RECIPE_STOP) {
      w->cut = true;
      break;
    }
    uintptr_t cfa, at;
#ifdef _WIN32
    if (flags & RECIPE_BY_SYSTEM) {
      w->frames = walk_by_system(frame, w->addresses, most, &w->cut);
      w->saved = 0;
      w->predictable = false;
      return;
    }
#else
    if (flags & RECIPE_SIGNAL) {
      /* The kernel put the interrupted registers into a ucontext_t at rsp: uc_mcontext begins at 40, and holds rbp as its 11th, rsp as its 16th, rip as its 17th. */
      if (!readable(thread, sp + 40 + 16 * 8)) {
        w->cut = true;
        break;
      }
      const uintptr_t *registers = (const uintptr_t *)(sp + 40);
      pc = registers[16];
      rbp = registers[10];
      sp = registers[15];
      if (sp < thread->stack_low || sp >= thread->stack_high) {
        /* From a signal's own stack back to the thread's. */
        find_stack(thread, sp);
        if (thread->stack_low == thread->stack_high) {
          w->cut = true;
          break;
        }
      }
      w->predictable = false;
      /* It was interrupted, not calling: the recipe of the next byte is that of the instruction. */
      pc += 1;
    } else
#endif
    {
      cfa = (flags & RECIPE_BY_RBP ? rbp : sp) + (uintptr_t)(intptr_t)recipe->cfa;
      at = cfa - 8;
      if (cfa <= sp || !readable(thread, at) || (flags & RECIPE_RBP_SAVED && !readable(thread, cfa + (uintptr_t)(intptr_t)recipe->rbp))) {
        w->cut = true;
        break;
      }
      if (flags & RECIPE_BY_RBP) {
        if (w->saved < MAX_FRAMES) saved[w->saved++] = rbp_at;
        else w->predictable = false;
      }
      if (flags & RECIPE_RBP_SAVED) {
        rbp = *(const uintptr_t *)(cfa + (uintptr_t)(intptr_t)recipe->rbp);
        if (cfa + (uintptr_t)(intptr_t)recipe->rbp - base > INT32_MAX) w->predictable = false;
        rbp_at = (int32_t)(cfa + (uintptr_t)(intptr_t)recipe->rbp - base);
      }
      pc = *(const uintptr_t *)at;
      sp = cfa;
      if (at - base > INT32_MAX) w->predictable = false;
      if (w->frames < MAX_FRAMES) w->at[w->frames] = (int32_t)(at - base);
    }
    if (pc < LOWEST_CODE) break;
    if (w->frames == most) {
      w->cut = true;
      break;
    }
    w->addresses[w->frames++] = pc;
  }
  for (uint32_t i = 0; i < w->saved; i++) w->at[w->frames + i] = saved[i];
}

/* Makes the set of stacks, or doubles it. */
bool grow_set(struct thread_state *thread) {
  uint32_t room = thread->stack_room ? thread->stack_room * 2 : FIRST_STACKS;
  if (room > MOST_STACKS) return false;
  struct stack_entry *set = tracer_pages(room * sizeof *set);
  if (!set) return false;
  for (uint32_t i = 0; i < thread->stack_room; i++) {
    if (thread->set[i].number == 0) continue;
    uint32_t j = (uint32_t)(thread->set[i].hash >> 32) & (room - 1);
    while (set[j].number) j = (j + 1) & (room - 1);
    set[j] = thread->set[i];
  }
  if (thread->set) tracer_free_pages(thread->set, thread->stack_room * sizeof *set);
  thread->set = set;
  thread->stack_room = room;
  return true;
}

static void forget(struct thread_state *thread, uint64_t epoch) {
  thread->epoch = epoch;
  memset(thread->recipes, 0, sizeof thread->recipes);
  for (uint32_t i = 0; i < LAYOUTS; i++)
    for (uint32_t j = 0; j < LAYOUT_WAYS; j++) thread->layouts[i][j].frames = 0;
  memset(thread->set, 0, thread->stack_room * sizeof *thread->set);
}

/* Tells the agent of a stack; 0 when there was no room, and then it is tried again the next time. */
static uint32_t publish(struct thread_state *thread, const struct walk *w) {
  uint32_t slots = 1 + (w->frames + 1) / 2;
  if (thread->stacks >= EVENT_STACK_MOST || !ring_room(thread, slots)) return 0;
  uint32_t number = ++thread->stacks;
  struct event *events = thread->ring->events;
  events[thread->head & (RING_EVENTS - 1)] =
      (struct event){(uint64_t)EVENT_STACK_NEW << EVENT_KIND_SHIFT | w->frames | (w->cut ? STACK_CUT << 16 : 0), number | (uint64_t)modules_log_length() << 32};
  for (uint32_t i = 0; i < w->frames; i += 2)
    events[(thread->head + 1 + i / 2) & (RING_EVENTS - 1)] = (struct event){w->addresses[i], i + 1 < w->frames ? w->addresses[i + 1] : 0};
  ring_publish(thread, slots);
  return number;
}

/* Makes room in front, where the one of a number was. */
static void make_first(struct layout *ways, uint32_t number) {
  for (; number > 0; number--) ways[number] = ways[number - 1];
}

/* Ways to the same place with other frames between: the one that fits comes first from here on. */
static uint32_t other_ways(struct thread_state *thread, uintptr_t frame, struct layout *ways, uintptr_t key) {
  for (uint32_t i = 1; i < LAYOUT_WAYS; i++) {
    if (ways[i].key != key || ways[i].frames == 0) continue;
    uint32_t number = known_stack(thread, &ways[i], frame);
    if (number) {
      struct layout found = ways[i];
      make_first(ways, i);
      ways[0] = found;
      return number;
    }
  }
  return 0;
}

/* The layout of a walk, in place of the one of these ways that was not seen for longest; false when it cannot be had. */
static bool learn(struct thread_state *thread, struct layout *ways, uintptr_t key, const struct walk *w) {
  struct layout layout = ways[LAYOUT_WAYS - 1];
  make_first(ways, LAYOUT_WAYS - 1);
  uint32_t padded = by_fours(w->frames), slots = padded + w->saved;
  if (slots > layout.room) {
    /* Room for half as much again; what it had before stays where it is, for the pool is never given back. */
    uint32_t room = slots + slots / 2 + 8;
    if (thread->pool_left < room) {
      thread->pool = tracer_pages(POOL_BYTES);
      thread->pool_left = thread->pool ? POOL_BYTES / sizeof(int32_t) : 0;
    }
    if (thread->pool_left >= room) {
      layout.at = thread->pool;
      layout.room = (uint16_t)room;
      thread->pool += room;
      thread->pool_left -= room;
    }
  }
  layout.frames = 0;
  if (slots <= layout.room) {
    layout.key = key;
    layout.frames = (uint16_t)w->frames;
    layout.saved = (uint16_t)w->saved;
    layout.top = 0;
    for (uint32_t j = 0; j < w->frames + w->saved; j++)
      if (w->at[j] > layout.top) layout.top = w->at[j];
    memcpy(layout.at, w->at, w->frames * sizeof *w->at);
    for (uint32_t j = w->frames; j < padded; j++) layout.at[j] = w->at[0];
    memcpy(layout.at + padded, w->at + w->frames, w->saved * sizeof *w->at);
  }
  layout.last_hash = 0;
  layout.last_number = 0;
  ways[0] = layout;
  return layout.frames != 0;
}

uint32_t capture_slow(struct thread_state *thread, uintptr_t frame, struct layout *ways, uintptr_t key) {
  uint64_t epoch = atomic_load_explicit(&tracer_epoch, memory_order_acquire);
  if (unlikely(thread->epoch != epoch)) forget(thread, epoch);
  uint32_t known = other_ways(thread, frame, ways, key);
  if (known) return known;
  if (unlikely(frame < thread->stack_low || frame >= thread->stack_high)) find_stack(thread, frame);
  struct walk w;
  walk(thread, frame, &w);
  uint64_t hash = w.frames;
  bool learned = w.predictable && learn(thread, ways, key, &w);
  if (learned) hash = layout_hash(ways, frame + 16);
  else
    for (uint32_t i = 0; i < w.frames; i++) hash = mix(hash, w.addresses[i]);
  if (unlikely(thread->stacks * 4ull >= thread->stack_room * 3ull) && !grow_set(thread) && thread->stacks + 1 >= thread->stack_room) {
    /* As many different stacks as a thread may have: from here on they are told again and again. */
    memset(thread->set, 0, thread->stack_room * sizeof *thread->set);
  }
  uint32_t mask = thread->stack_room - 1, i = (uint32_t)(hash >> 32) & mask;
  while (thread->set[i].number && thread->set[i].hash != hash) i = (i + 1) & mask;
  if (thread->set[i].number == 0) {
    uint32_t number = publish(thread, &w);
    if (number == 0) return 0;
    thread->set[i] = (struct stack_entry){hash, number};
  }
  if (learned) {
    ways->last_hash = hash;
    ways->last_number = thread->set[i].number;
  }
  return thread->set[i].number;
}
