/* TCB levels: which one a platform reaches, what statuses become together, and what the documents may say. */
#include "tee/qe_identity.h"
#include "tee/signed_json.h"
#include "tee/tcb_level.h"
#include "tests/test.h"

/* ---- matching ------------------------------------------------------------------------------------------------------ */

static struct tcb_level level(uint8_t sgx0, uint8_t sgx15, uint16_t pce, uint8_t tdx0, uint8_t tdx1, uint8_t tdx2,
                              enum tee_tcb_status status)
{
    struct tcb_level l = {.pce_svn = pce, .status = status};
    l.sgx[0] = sgx0;
    l.sgx[15] = sgx15;
    l.tdx[0] = tdx0;
    l.tdx[1] = tdx1;
    l.tdx[2] = tdx2;
    return l;
}

static struct platform_tcb platform(uint8_t sgx0, uint8_t sgx15, uint16_t pce)
{
    struct platform_tcb p = {.pce_svn = pce};
    p.components[0] = sgx0;
    p.components[15] = sgx15;
    return p;
}

static enum tee_tcb_status match(const struct tcb_info *info, struct platform_tcb p, const uint8_t *tdx)
{
    const struct tcb_match m = tcb_level_match(info, &p, tdx);
    return m.level ? m.level->status : TCB_NONE;
}

enum { LEVELS = 5 };

/* Newest first. */
static void fill(struct tcb_level out[LEVELS])
{
    out[0] = level(5, 5, 13, 6, 0, 3, TCB_UP_TO_DATE);
    out[1] = level(5, 5, 11, 6, 0, 3, TCB_CONFIGURATION_NEEDED);
    out[2] = level(5, 4, 11, 5, 0, 2, TCB_SW_HARDENING_NEEDED);
    out[3] = level(4, 9, 11, 4, 0, 2, TCB_OUT_OF_DATE);
    out[4] = level(1, 1, 5, 1, 0, 1, TCB_REVOKED);
}

static void check_levels(const struct tcb_info *info)
{
    const uint8_t newest[16] = {6, 0, 3}, old[16] = {5, 0, 2}, oldest[16] = {0, 0, 3};
    CHECK_EQUAL(match(info, platform(5, 5, 13), NULL), TCB_UP_TO_DATE);
    CHECK_EQUAL(match(info, platform(200, 200, 1000), NULL), TCB_UP_TO_DATE);
    CHECK_EQUAL(match(info, platform(5, 5, 12), NULL), TCB_CONFIGURATION_NEEDED);
    CHECK_EQUAL(match(info, platform(5, 4, 13), NULL), TCB_SW_HARDENING_NEEDED);
    CHECK_EQUAL(match(info, platform(4, 200, 13), NULL), TCB_OUT_OF_DATE);
    CHECK_EQUAL(match(info, platform(4, 8, 13), NULL), TCB_REVOKED); /* one component alone is too low */
    CHECK_EQUAL(match(info, platform(5, 5, 10), NULL), TCB_REVOKED);
    CHECK_EQUAL(match(info, platform(0, 200, 200), NULL), TCB_NONE);
    CHECK_EQUAL(match(info, platform(200, 200, 4), NULL), TCB_NONE);
    CHECK_EQUAL(match(info, platform(5, 5, 13), newest), TCB_UP_TO_DATE);
    CHECK_EQUAL(match(info, platform(5, 5, 13), old), TCB_SW_HARDENING_NEEDED);
    CHECK_EQUAL(match(info, platform(5, 5, 13), oldest), TCB_NONE);
    /* Relaunching looks at the SGX part alone. */
    const struct platform_tcb p = platform(5, 5, 13);
    const struct tcb_match m = tcb_level_match(info, &p, old);
    CHECK(m.sgx && m.sgx->status == TCB_UP_TO_DATE);
}

static void test_order(void)
{
    struct tcb_level levels[LEVELS];
    const struct tcb_info info = {.levels = levels, .count = LEVELS};
    test_begin("D11: levels in every order give the same answers");
    unsigned orders = 0;
    for (unsigned code = 0; code < 120; code++) { /* 5! orders */
        struct tcb_level rest[LEVELS];
        unsigned left = LEVELS, c = code;
        fill(rest);
        for (unsigned i = 0; i < LEVELS; i++) {
            const unsigned pick = c % left;
            c /= left;
            levels[i] = rest[pick];
            rest[pick] = rest[--left];
        }
        tcb_levels_sort(levels, LEVELS);
        check_levels(&info);
        orders++;
    }
    CHECK_EQUAL(orders, 120);
}

/* The same components with two statuses: the worse one counts, whichever comes first. */
static void test_ties(void)
{
    test_begin("of two levels alike the worse counts");
    for (int swap = 0; swap < 2; swap++) {
        struct tcb_level levels[2] = {level(5, 5, 13, 6, 0, 3, swap ? TCB_OUT_OF_DATE : TCB_UP_TO_DATE),
                                      level(5, 5, 13, 6, 0, 3, swap ? TCB_UP_TO_DATE : TCB_OUT_OF_DATE)};
        const struct tcb_info info = {.levels = levels, .count = 2};
        tcb_levels_sort(levels, 2);
        CHECK_EQUAL(match(&info, platform(9, 9, 20), NULL), TCB_OUT_OF_DATE);
    }
}

/* Components 0 and 1 are the module's, and count for modules of version 0 alone. */
static void test_module_components(void)
{
    struct tcb_level levels[1] = {level(1, 1, 1, 6, 0, 3, TCB_UP_TO_DATE)};
    const struct tcb_info info = {.levels = levels, .count = 1};
    const uint8_t version0[16] = {5, 0, 3}, version1[16] = {2, 1, 3}, low[16] = {9, 1, 2};
    test_begin("TDX components of modules");
    CHECK_EQUAL(match(&info, platform(1, 1, 1), version0), TCB_NONE);
    CHECK_EQUAL(match(&info, platform(1, 1, 1), version1), TCB_UP_TO_DATE);
    CHECK_EQUAL(match(&info, platform(1, 1, 1), low), TCB_NONE);
    /* All the others count always. */
    for (size_t i = 2; i < 16; i++) {
        levels[0] = level(1, 1, 1, 6, 0, 3, TCB_UP_TO_DATE);
        levels[0].tdx[i] = 7;
        CHECK_EQUAL(match(&info, platform(1, 1, 1), version1), TCB_NONE);
    }
}

/* ---- merging ------------------------------------------------------------------------------------------------------- */

static void test_merging(void)
{
    static const struct {
        enum tee_tcb_status platform, out_of_date; /* what remains beside a part that is out of date */
    } rows[] = {
        {TCB_UP_TO_DATE, TCB_OUT_OF_DATE},
        {TCB_SW_HARDENING_NEEDED, TCB_OUT_OF_DATE},
        {TCB_CONFIGURATION_NEEDED, TCB_OUT_OF_DATE_CONFIGURATION_NEEDED},
        {TCB_CONFIGURATION_AND_SW_HARDENING_NEEDED, TCB_OUT_OF_DATE_CONFIGURATION_NEEDED},
        {TCB_OUT_OF_DATE, TCB_OUT_OF_DATE},
        {TCB_OUT_OF_DATE_CONFIGURATION_NEEDED, TCB_OUT_OF_DATE_CONFIGURATION_NEEDED},
        {TCB_TD_RELAUNCH_ADVISED, TCB_TD_RELAUNCH_ADVISED},
        {TCB_TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED, TCB_TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED},
        {TCB_REVOKED, TCB_REVOKED},
    };
    test_begin("statuses of parts merged: a good part never improves anything");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_EQUAL(tcb_status_merge(rows[i].platform, TCB_UP_TO_DATE), rows[i].platform);
        CHECK_EQUAL(tcb_status_merge(rows[i].platform, TCB_OUT_OF_DATE), rows[i].out_of_date);
        CHECK_EQUAL(tcb_status_merge(rows[i].platform, TCB_REVOKED), TCB_REVOKED);
    }
}

/* ---- relaunching --------------------------------------------------------------------------------------------------- */

struct relaunch {
    struct tcb_level levels[2];
    struct svn_level module_levels[2];
    struct tdx_module modules[1];
    struct tcb_info info;
    uint8_t svn2[16];
    struct tcb_relaunch r;
};

/* A domain that was started under an old module, on a platform that is good now. */
static void relaunch_begin(struct relaunch *x)
{
    memset(x, 0, sizeof *x);
    x->levels[0] = level(5, 5, 13, 6, 0, 3, TCB_UP_TO_DATE);
    x->levels[1] = level(4, 4, 11, 5, 0, 2, TCB_OUT_OF_DATE);
    x->module_levels[0] = (struct svn_level){.isv_svn = 7, .status = TCB_UP_TO_DATE};
    x->module_levels[1] = (struct svn_level){.isv_svn = 2, .status = TCB_OUT_OF_DATE};
    x->modules[0] = (struct tdx_module){.version = 1, .levels = {x->module_levels, 2}};
    x->info = (struct tcb_info){.levels = x->levels, .count = 2, .modules = x->modules, .module_count = 1};
    x->svn2[0] = 7;
    x->svn2[1] = 1;
    x->svn2[2] = 3;
    x->r = (struct tcb_relaunch){&x->info, x->svn2, TCB_UP_TO_DATE, TCB_OUT_OF_DATE, TCB_OUT_OF_DATE, TCB_UP_TO_DATE};
}

static enum tee_tcb_status relaunched(const struct relaunch *x)
{
    enum tee_tcb_status status = TCB_NONE;
    return tcb_relaunch_status(&x->r, &status) ? status : TCB_NONE;
}

static void test_relaunch_advice(void)
{
    struct relaunch x;
    test_begin("a relaunch is advised");
    relaunch_begin(&x);
    CHECK_EQUAL(relaunched(&x), TCB_TD_RELAUNCH_ADVISED);
    x.r.sgx = TCB_SW_HARDENING_NEEDED;
    CHECK_EQUAL(relaunched(&x), TCB_TD_RELAUNCH_ADVISED);
    x.r.sgx = TCB_CONFIGURATION_NEEDED;
    CHECK_EQUAL(relaunched(&x), TCB_TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED);
    relaunch_begin(&x);
    x.r.merged = TCB_OUT_OF_DATE_CONFIGURATION_NEEDED;
    CHECK_EQUAL(relaunched(&x), TCB_TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED);
    /* A module of version 0 is compared with the newest platform level. */
    relaunch_begin(&x);
    x.svn2[1] = 0;
    x.svn2[0] = 6;
    CHECK_EQUAL(relaunched(&x), TCB_TD_RELAUNCH_ADVISED);
    x.svn2[0] = 5;
    CHECK_EQUAL(relaunched(&x), TCB_OUT_OF_DATE);
}

static void test_no_relaunch(void)
{
    struct relaunch x;
    test_begin("a relaunch is not advised");
    relaunch_begin(&x);
    x.svn2[0] = 6;
    CHECK_EQUAL(relaunched(&x), TCB_OUT_OF_DATE);
    relaunch_begin(&x);
    x.svn2[2] = 2;
    CHECK_EQUAL(relaunched(&x), TCB_OUT_OF_DATE);
    relaunch_begin(&x);
    x.r.module = TCB_UP_TO_DATE; /* the platform is what is old */
    CHECK_EQUAL(relaunched(&x), TCB_OUT_OF_DATE);
    const enum tee_tcb_status old[] = {TCB_OUT_OF_DATE, TCB_OUT_OF_DATE_CONFIGURATION_NEEDED, TCB_REVOKED};
    for (size_t i = 0; i < sizeof old / sizeof *old; i++) {
        relaunch_begin(&x);
        x.r.sgx = old[i];
        CHECK_EQUAL(relaunched(&x), TCB_OUT_OF_DATE);
        relaunch_begin(&x);
        x.r.qe = old[i];
        CHECK_EQUAL(relaunched(&x), TCB_OUT_OF_DATE);
    }
    const enum tee_tcb_status good[] = {TCB_UP_TO_DATE, TCB_SW_HARDENING_NEEDED, TCB_CONFIGURATION_NEEDED, TCB_REVOKED};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        relaunch_begin(&x);
        x.r.merged = good[i];
        CHECK_EQUAL(relaunched(&x), good[i]);
    }
    relaunch_begin(&x);
    x.svn2[1] = 2; /* there is no such module */
    CHECK_EQUAL(relaunched(&x), TCB_NONE);
    x.svn2[1] = 1;
    x.modules[0].levels.count = 0;
    CHECK_EQUAL(relaunched(&x), TCB_NONE);
}

/* ---- documents ----------------------------------------------------------------------------------------------------- */

#define COMPONENTS "[{\"svn\":1},{\"svn\":2},{\"svn\":3},{\"svn\":4},{\"svn\":5},{\"svn\":6},{\"svn\":7},{\"svn\":8}," \
                   "{\"svn\":9},{\"svn\":10},{\"svn\":11},{\"svn\":12},{\"svn\":13},{\"svn\":14},{\"svn\":15},{\"svn\":255}]"
#define HEAD "\"issueDate\":\"2025-06-19T10:56:11Z\",\"nextUpdate\":\"2025-07-19T10:56:11Z\",\"fmspc\":\"00a067110000\"," \
             "\"pceId\":\"0000\",\"tcbEvaluationDataNumber\":17"
#define STATUS "\"tcbDate\":\"2024-03-13T00:00:00Z\",\"tcbStatus\":\"UpToDate\""
#define SGX_LEVEL "{\"tcb\":{\"sgxtcbcomponents\":" COMPONENTS ",\"pcesvn\":13}," STATUS "}"
#define TDX_LEVEL "{\"tcb\":{\"sgxtcbcomponents\":" COMPONENTS ",\"pcesvn\":13,\"tdxtcbcomponents\":" COMPONENTS "}," STATUS "}"
#define SIGNER "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
#define MODULE "\"mrsigner\":\"" SIGNER "\",\"attributes\":\"0000000000000000\",\"attributesMask\":\"FFFFFFFFFFFFFFFF\""
#define IDENTITY(id) "{\"id\":\"" id "\"," MODULE ",\"tcbLevels\":[{\"tcb\":{\"isvsvn\":6}," STATUS "}]}"
#define SGX(levels) "{\"id\":\"SGX\",\"version\":3," HEAD ",\"tcbType\":0,\"tcbLevels\":[" levels "]}"
#define TDX(modules) "{\"id\":\"TDX\",\"version\":3," HEAD ",\"tcbType\":0," modules "\"tcbLevels\":[" TDX_LEVEL "]}"

static enum tee_refusal read_info(const char *text, struct tcb_info *out, struct arena *a)
{
    struct error e = {0};
    const enum status status = tcb_info_read(bytes_of_string(text), a, out, &e);
    if (status != STATUS_OK) CHECK(status == STATUS_INVALID && e.code && e.message[0]);
    return status == STATUS_OK ? TEE_OK : (enum tee_refusal)e.code;
}

static enum tee_refusal refusal_of_info(const char *text)
{
    struct arena a = {0};
    struct tcb_info info;
    const enum tee_refusal r = read_info(text, &info, &a);
    arena_free(&a);
    return r;
}

static void test_tcb_info(void)
{
    struct arena a = {0};
    struct tcb_info info;
    test_begin("TCB info, member by member");
    CHECK_EQUAL(read_info(SGX(SGX_LEVEL), &info, &a), TEE_OK);
    CHECK(info.platform == TEE_SGX && info.version == 3 && info.count == 1 && info.evaluation == 17);
    CHECK(info.issue_date == 1750330571 && info.next_update == 1752922571);
    CHECK(info.fmspc[1] == 0xa0 && info.fmspc[3] == 0x11 && info.pce_id[0] == 0);
    CHECK(info.levels[0].sgx[0] == 1 && info.levels[0].sgx[15] == 255 && info.levels[0].pce_svn == 13);
    CHECK_EQUAL(read_info(TDX("\"tdxModule\":{" MODULE "},\"tdxModuleIdentities\":[" IDENTITY("TDX_0a") "],"), &info, &a),
                TEE_OK);
    CHECK(info.platform == TEE_TDX && info.has_module && info.module_count == 1 && info.modules[0].version == 10);
    CHECK(info.levels[0].tdx[15] == 255 && info.modules[0].levels.levels[0].isv_svn == 6);
    CHECK(tdx_module_find(&info, 10) == &info.modules[0] && tdx_module_find(&info, 0) == &info.module);
    CHECK(!tdx_module_find(&info, 1));
    arena_free(&a);
}

static void test_wrong_tcb_info(void)
{
    static const struct {
        const char *text;
        enum tee_refusal refusal;
    } rows[] = {
        {"", TEE_TCB_FORMAT},
        {"null", TEE_TCB_FORMAT},
        {"[]", TEE_TCB_FORMAT},
        {SGX(SGX_LEVEL) " x", TEE_TCB_FORMAT},
        {SGX(SGX_LEVEL) SGX(SGX_LEVEL), TEE_TCB_FORMAT},
        {"{\"id\":\"SGX\",\"id\":\"SGX\",\"version\":3," HEAD ",\"tcbType\":0,\"tcbLevels\":[]}", TEE_TCB_FORMAT},
        {"{\"id\":\"XYZ\",\"version\":3," HEAD ",\"tcbType\":0,\"tcbLevels\":[]}", TEE_TCB_ID},
        {"{\"id\":\"SGX\",\"version\":4," HEAD ",\"tcbType\":0,\"tcbLevels\":[]}", TEE_TCB_VERSION},
        {"{\"id\":\"TDX\",\"version\":2," HEAD ",\"tcbType\":0,\"tcbLevels\":[]}", TEE_TCB_VERSION},
        {"{\"version\":3," HEAD ",\"tcbType\":0,\"tcbLevels\":[]}", TEE_TCB_FORMAT},
        {"{\"version\":2," HEAD ",\"tcbType\":0,\"tcbLevels\":[]}", TEE_OK}, /* version 2 has no id */
        {"{\"id\":\"SGX\",\"version\":3," HEAD ",\"tcbType\":1,\"tcbLevels\":[]}", TEE_TCB_TYPE},
        {"{\"id\":\"SGX\",\"version\":3," HEAD ",\"tcbType\":\"0\",\"tcbLevels\":[]}", TEE_TCB_FORMAT},
        {"{\"id\":\"SGX\",\"version\":3," HEAD ",\"tcbType\":0}", TEE_TCB_FORMAT},
        {SGX("{\"tcb\":{\"sgxtcbcomponents\":[{\"svn\":1}],\"pcesvn\":13}," STATUS "}"), TEE_TCB_FORMAT},
        {SGX("{\"tcb\":{\"sgxtcbcomponents\":" COMPONENTS ",\"pcesvn\":65536}," STATUS "}"), TEE_TCB_FORMAT},
        {SGX("{\"tcb\":{\"sgxtcbcomponents\":" COMPONENTS ",\"pcesvn\":-1}," STATUS "}"), TEE_TCB_FORMAT},
        {SGX("{\"tcb\":{\"sgxtcbcomponents\":" COMPONENTS ",\"pcesvn\":1.5}," STATUS "}"), TEE_TCB_FORMAT},
        {SGX("{\"tcb\":{\"sgxtcbcomponents\":" COMPONENTS "}," STATUS "}"), TEE_TCB_FORMAT},
        {SGX("{\"tcb\":{\"sgxtcbcomponents\":" COMPONENTS ",\"pcesvn\":1},\"tcbDate\":\"2024-03-13T00:00:00Z\"}"),
         TEE_TCB_FORMAT},
        {SGX("{\"tcb\":{\"sgxtcbcomponents\":" COMPONENTS ",\"pcesvn\":1},\"tcbDate\":\"2024-03-13T00:00:00Z\","
             "\"tcbStatus\":\"uptodate\"}"), TEE_TCB_UNKNOWN},
        {SGX("{\"tcb\":{\"sgxtcbcomponents\":" COMPONENTS ",\"pcesvn\":1},\"tcbDate\":\"2024-03-13T00:00:00Z\","
             "\"tcbStatus\":\"TDRelaunchAdvised\"}"), TEE_TCB_UNKNOWN},
        {SGX("{\"tcb\":{\"sgxtcbcomponents\":" COMPONENTS ",\"pcesvn\":1},\"tcbDate\":\"2024-02-30T00:00:00Z\","
             "\"tcbStatus\":\"UpToDate\"}"), TEE_TCB_FORMAT},
        {SGX("{\"tcb\":{\"sgxtcbcomponents\":" COMPONENTS ",\"pcesvn\":1},\"tcbDate\":\"2024-03-13 00:00:00Z\","
             "\"tcbStatus\":\"UpToDate\"}"), TEE_TCB_FORMAT},
        {SGX("{\"tcb\":{\"sgxtcbcomponents\":" COMPONENTS ",\"pcesvn\":1},\"advisoryIDs\":[1]," STATUS "}"), TEE_TCB_FORMAT},
        {"{\"id\":\"TDX\",\"version\":3," HEAD ",\"tcbType\":0,\"tcbLevels\":[" SGX_LEVEL "]}", TEE_TCB_FORMAT},
        {TDX("\"tdxModule\":{\"mrsigner\":\"00\"},"), TEE_TCB_FORMAT},
        {TDX("\"tdxModuleIdentities\":[" IDENTITY("TDX_1") "],"), TEE_TCB_FORMAT},
        {TDX("\"tdxModuleIdentities\":[" IDENTITY("TDX_0g") "],"), TEE_TCB_FORMAT},
        {TDX("\"tdxModuleIdentities\":[" IDENTITY("TDX_0a") "," IDENTITY("TDX_0A") "],"), TEE_TCB_FORMAT},
        {TDX(""), TEE_OK},
    };
    test_begin("TCB info that is refused");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!CHECK_EQUAL(refusal_of_info(rows[i].text), rows[i].refusal)) printf("row %zu: %s\n", i, rows[i].text);
    }
}

#define QE(id, version, levels)                                                                                        \
    "{\"id\":\"" id "\",\"version\":" version ",\"issueDate\":\"2025-06-19T10:01:18Z\",\"nextUpdate\":"                 \
    "\"2025-07-19T10:01:18Z\",\"tcbEvaluationDataNumber\":17,\"miscselect\":\"00000000\",\"miscselectMask\":"           \
    "\"FFFFFFFF\",\"attributes\":\"11000000000000000000000000000000\",\"attributesMask\":"                              \
    "\"FBFFFFFFFFFFFFFF0000000000000000\",\"mrsigner\":\"8C4F5775D796503E96137F77C68A829A0056AC8DED70140B081B094490C57BFF"  \
    "\",\"isvprodid\":1,\"tcbLevels\":[" levels "]}"
#define QE_LEVEL(svn, status)                                                                                          \
    "{\"tcb\":{\"isvsvn\":" svn "},\"tcbDate\":\"2024-03-13T00:00:00Z\",\"tcbStatus\":\"" status "\"}"

static void test_qe_identity(void)
{
    static const struct {
        const char *text;
        enum tee_refusal refusal;
    } rows[] = {
        {QE("QE", "2", QE_LEVEL("8", "UpToDate")), TEE_OK},
        {QE("TD_QE", "3", QE_LEVEL("8", "UpToDate")), TEE_OK},
        {QE("QE", "3", QE_LEVEL("8", "UpToDate")), TEE_QE_ID_FORMAT},
        {QE("TD_QE", "1", QE_LEVEL("8", "UpToDate")), TEE_QE_ID_FORMAT},
        {QE("QVE", "2", QE_LEVEL("8", "UpToDate")), TEE_QE_ID},
        {QE("QE", "2", QE_LEVEL("65536", "UpToDate")), TEE_QE_ID_FORMAT},
        {QE("QE", "2", QE_LEVEL("8", "Good")), TEE_TCB_UNKNOWN},
        {QE("QE", "2", QE_LEVEL("8", "SWHardeningNeeded")), TEE_TCB_UNKNOWN}, /* no status of an enclave */
        {"{}", TEE_QE_ID_FORMAT},
    };
    struct arena a = {0};
    struct qe_identity id;
    struct error e = {0};
    test_begin("identities of quoting enclaves");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const enum status status = qe_identity_read(bytes_of_string(rows[i].text), &a, &id, &e);
        CHECK_EQUAL(status == STATUS_OK ? 0 : e.code, rows[i].refusal);
    }
    const char *shuffled = QE("QE", "2", QE_LEVEL("2", "Revoked") "," QE_LEVEL("8", "UpToDate") "," QE_LEVEL("5", "OutOfDate"));
    CHECK(qe_identity_read(bytes_of_string(shuffled), &a, &id, &e) == STATUS_OK && id.levels.count == 3);
    CHECK(svn_level_match(&id.levels, 9)->status == TCB_UP_TO_DATE && svn_level_match(&id.levels, 8)->isv_svn == 8);
    CHECK(svn_level_match(&id.levels, 7)->status == TCB_OUT_OF_DATE);
    CHECK(svn_level_match(&id.levels, 2)->status == TCB_REVOKED && !svn_level_match(&id.levels, 1));
    arena_free(&a);
}

/* ---- Intel's answers ----------------------------------------------------------------------------------------------- */

static bool split(const char *text, struct signed_json *out)
{
    struct error e = {0};
    const enum status status = signed_json_split(bytes_of_string(text), out, &e);
    if (status != STATUS_OK) CHECK(status == STATUS_MALFORMED && e.offset <= strlen(text) && e.message[0]);
    return status == STATUS_OK;
}

static bool is(struct bytes b, const char *text)
{
    return bytes_equal(b, bytes_of_string(text));
}

static void test_signed_json(void)
{
    static const char *const bad[] = {
        "", "{", "{}", "[]", "{\"tcbInfo\":{}}", "{\"signature\":\"00\"}", "{\"tcbInfo\":{},\"signature\":\"00\"",
        "{\"tcbInfo\":{},\"signature\":\"00\"} x", "{\"tcbInfo\":{},\"signature\":\"00\",\"x\":1}",
        "{\"tcbInfo\":{},\"tcbInfo\":{}}", "{\"signature\":\"00\",\"signature\":\"00\"}",
        "{\"tcbInfo\":{},\"signature\":00}", "{\"tcbInfo\":[],\"signature\":\"00\"}",
        "{\"tcbInfo\":{,\"signature\":\"00\"}", "{\"tcbInfo\":{\"a\":\"}\",\"signature\":\"00\"}",
        "{\"tcbInfo\":{},\"signature\":\"\\u0030\"}", "{\"tcb\\u0049nfo\":{},\"signature\":\"00\"}",
        "{\"tcbInfo\":{} \"signature\":\"00\"}", "{\"tcbInfo\":{},\"signature\":\"00\n\"}",
    };
    struct signed_json s;
    test_begin("signed documents are found by their bytes");
    CHECK(split("{\"tcbInfo\":{\"a\": {\"b\":[1,{}]}},\"signature\":\"00ff\"}", &s) && is(s.name, "tcbInfo"));
    CHECK(is(s.value, "{\"a\": {\"b\":[1,{}]}}") && is(s.signature, "00ff"));
    CHECK(split(" {\n\"signature\" : \"1\" ,\t\"x\" : { \"}\\\"\\\\\" : 1 } } ", &s) && is(s.value, "{ \"}\\\"\\\\\" : 1 }"));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (!CHECK(!split(bad[i], &s))) printf("%s\n", bad[i]);
    const char *const names[] = {"tcbInfo"};
    CHECK(signed_json_is(bytes_of_string(" {\"tcbInfo\":"), names, 1));
    CHECK(signed_json_is(bytes_of_string("{\"signature\":"), names, 1));
    CHECK(!signed_json_is(bytes_of_string("{\"tcb_info\":"), names, 1) && !signed_json_is(bytes_of_string("{"), names, 1));
}

int main(void)
{
    test_order();
    test_ties();
    test_module_components();
    test_merging();
    test_relaunch_advice();
    test_no_relaunch();
    test_tcb_info();
    test_wrong_tcb_info();
    test_qe_identity();
    test_signed_json();
    return test_end();
}
