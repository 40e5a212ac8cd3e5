// A small stand-in for LTSmin: the functions that it gives a language module, and a search, breadth first, through the
// module's states. Prints how many states and transitions there are, and the labels of the first state. It checks what
// LTSmin relies on: that a transition writes those slots only that the matrix of its group names, and that what it does
// depends on no others.
//
//     cc -rdynamic -o pins_loader pins_loader.c -ldl && ./pins_loader MODULE.so
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    int length, labels;
    const char* label_names[1024];
} Type;

typedef struct {
    int rows, columns;
    unsigned char* bits;
} Matrix;

typedef struct {
    int* labels;
    int group, por_proviso;
} Info;

typedef struct Model Model;
typedef void (*Found)(void* context, Info* info, int* dst, int* copied);

struct Model {
    Type* type;
    Matrix *groups, *of_labels;
    int* initial;
    int (*next)(Model*, int group, int* src, Found, void* context);
    int (*label)(Model*, int label, int* src);
};

static Model model;

static void fail(const char* what) {
    fprintf(stderr, "pins_loader: %s\n", what);
    exit(1);
}

// ---- what a module calls

Type* lts_type_create(void) { return calloc(1, sizeof(Type)); }

int lts_type_put_type(Type* type, const char* name, int format, int* is_new) {
    (void)type, (void)name, (void)is_new;
    if (format != 0) fail("a type that is not a plain number");
    return 0;
}

void lts_type_set_state_length(Type* type, int length) { type->length = length; }

void lts_type_set_state_name(Type* type, int slot, const char* name) {
    if (slot < 0 || slot >= type->length || !name) fail("a name for no slot");
}

void lts_type_set_state_typeno(Type* type, int slot, int number) {
    if (slot < 0 || slot >= type->length || number != 0) fail("a type for no slot");
}

void lts_type_set_state_label_count(Type* type, int count) { type->labels = count; }

void lts_type_set_state_label_name(Type* type, int label, const char* name) {
    if (label < 0 || label >= type->labels) fail("a name for no label");
    type->label_names[label] = name;
}

void lts_type_set_state_label_typeno(Type* type, int label, int number) {
    if (label < 0 || label >= type->labels || number != 0) fail("a type for no label");
}

void dm_create(Matrix* matrix, const int rows, const int columns) {
    matrix->rows = rows;
    matrix->columns = columns;
    matrix->bits = calloc((size_t)rows, (size_t)columns);
}

void dm_set(Matrix* matrix, const int row, const int column) {
    if (row < 0 || row >= matrix->rows || column < 0 || column >= matrix->columns) fail("outside of a matrix");
    matrix->bits[row * matrix->columns + column] = 1;
}

void GBsetLTStype(Model* to, Type* type) { to->type = type; }
void GBsetDMInfo(Model* to, Matrix* matrix) { to->groups = matrix; }
void GBsetStateLabelInfo(Model* to, Matrix* matrix) { to->of_labels = matrix; }
void GBsetNextStateLong(Model* to, int (*next)(Model*, int, int*, Found, void*)) { to->next = next; }
void GBsetStateLabelLong(Model* to, int (*label)(Model*, int, int*)) { to->label = label; }

void GBsetInitialState(Model* to, int* state) {
    to->initial = malloc((size_t)to->type->length * sizeof(int));
    memcpy(to->initial, state, (size_t)to->type->length * sizeof(int));
}

void ltsmin_abort(int code) {
    fprintf(stderr, "pins_loader: the module gave up\n");
    exit(code);
}

// ---- the states, each once, in order of discovery

static int* states;
static size_t count, room, length;
static uint32_t* table;  // index and one; 0 is free
static size_t table_size;

static const int* state(size_t index) { return states + index * length; }

static uint32_t* place_of(const int* vector) {
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < length; ++i) hash = (hash ^ (uint32_t)vector[i]) * 1099511628211u;
    size_t at = (hash ^ hash >> 32) & (table_size - 1);
    while (table[at] && memcmp(state(table[at] - 1), vector, length * sizeof(int)) != 0)
        at = (at + 1) & (table_size - 1);
    return table + at;
}

static void grow(void) {
    room = room ? 2 * room : 1024;
    states = realloc(states, room * length * sizeof(int));
    free(table);
    table_size = 2 * room;
    table = calloc(table_size, sizeof(uint32_t));
    if (!states || !table) fail("no memory");
    for (size_t i = 0; i < count; ++i) *place_of(state(i)) = (uint32_t)i + 1;
}

static void remember(const int* vector) {
    if (*place_of(vector)) return;
    if (count == room) grow();
    memcpy(states + count * length, vector, length * sizeof(int));
    ++count;
    *place_of(vector) = (uint32_t)count;
}

// ---- the search

typedef struct {
    int* src;
    int found;
    uint64_t sum;  // of what a group writes into its slots, in the order in which it does
} Visit;

static const unsigned char* row(const Matrix* matrix, int number) { return matrix->bits + number * matrix->columns; }

static void note(void* context, Info* info, int* dst, int* copied) {
    (void)copied;
    Visit* visit = context;
    const unsigned char* slots = row(model.groups, info->group);
    ++visit->found;
    for (size_t i = 0; i < length; ++i) {
        if (!slots[i] && dst[i] != visit->src[i]) fail("a group writes a slot that is not its own");
        if (slots[i]) visit->sum = (visit->sum ^ (uint32_t)dst[i]) * 1099511628211u;
    }
}

static void found(void* context, Info* info, int* dst, int* copied) {
    note(context, info, dst, copied);
    remember(dst);
}

// The same steps from a state that agrees with this one in what the group may read.
static void must_not_read(int group, int* src, Visit seen) {
    int other[1024];
    const unsigned char* slots = row(model.groups, group);
    for (size_t i = 0; i < length; ++i) other[i] = slots[i] ? src[i] : model.initial[i];
    Visit again = {other, 0, 0};
    model.next(&model, group, other, note, &again);
    if (again.found != seen.found || again.sum != seen.sum) fail("a group reads a slot that is not its own");
}

static uint64_t explore(void) {
    uint64_t transitions = 0;
    int src[1024];
    for (size_t next = 0; next < count; ++next) {
        memcpy(src, state(next), length * sizeof(int));
        for (int group = 0; group < model.groups->rows; ++group) {
            Visit visit = {src, 0, 0};
            if (model.next(&model, group, src, found, &visit) != visit.found) fail("a wrong number of transitions");
            transitions += (uint64_t)visit.found;
            if (next % 16 == 0) must_not_read(group, src, visit);
        }
    }
    return transitions;
}

int main(int argc, char** argv) {
    if (argc != 2) fail("usage: pins_loader MODULE.so");
    void* module = dlopen(argv[1], RTLD_NOW);
    if (!module) fail(dlerror());
    const char* name = dlsym(module, "pins_plugin_name");
    void (*init)(Model*) = (void (*)(Model*))dlsym(module, "pins_model_init");
    if (!name || !init) fail("no module of LTSmin's");
    init(&model);
    if (!model.type || !model.groups || !model.initial || !model.next || !model.label || !model.of_labels)
        fail("something was not set");
    length = (size_t)model.type->length;
    if (length > 1024 || model.type->labels > 1024) fail("more slots than fit");
    grow();
    remember(model.initial);
    const uint64_t transitions = explore();
    printf("%zu states, %llu transitions\n%s: %zu slots\n", count, (unsigned long long)transitions, name, length);
    for (int i = 0; i < model.type->labels; ++i)
        printf("%s = %d\n", model.type->label_names[i], model.label(&model, i, model.initial));
    return 0;
}
