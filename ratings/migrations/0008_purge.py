"""The one function that removes what is kept: case content, past its date (ADR 38)."""

from django.db import migrations

# It runs with its owner's rights, since the application has none to remove histories, saves and
# comments, and since nothing of a sealed inspection is removed by anybody else: the triggers of
# seals and histories let go what a certificate of the same transaction names, and only this writes
# one. So it checks everything itself: nothing that the application says is believed but which
# inspection, and who asks.
PURGE = """
CREATE FUNCTION ratings_purge(purged bigint, called text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    inspected record;
    seal record;
    published record;
    head record;
    months_kept integer;
    due date;
    cases bigint[];
    samples bigint[];
    draws bigint[];
    lists bigint[];
    links bigint[];
    slots bigint[];
    comments bigint[];
    pieces bigint[];
    findings bigint[];
    content record;
    rows_found bigint;
    linked bigint;
    ignored text[] := '{}';
    removed jsonb := '{}';
    entries bigint := 0;
    certificate bigint;
BEGIN
    -- The chain over the history is joined by nobody meanwhile, and the inspection stays as it is.
    PERFORM pg_advisory_xact_lock(hashtextextended('history of an inspection', purged));
    SELECT state INTO inspected FROM inspections_inspection WHERE id = purged FOR UPDATE;
    IF inspected.state IS DISTINCT FROM 'SEALED' THEN
        RAISE EXCEPTION 'Inspection % is not sealed, so nothing of it is removed.', purged
            USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT FROM inspections_deletioncertificate WHERE inspection_id = purged) THEN
        RAISE EXCEPTION 'The case content of inspection % was removed before.', purged
            USING ERRCODE = 'check_violation';
    END IF;
    SELECT id, sha256 INTO seal FROM ratings_sealedresult
        WHERE inspection_id = purged ORDER BY number DESC LIMIT 1;
    SELECT published_date, months INTO published FROM ratings_publication
        WHERE sealed_result_id = seal.id ORDER BY id DESC LIMIT 1;
    IF published.published_date IS NULL THEN
        RAISE EXCEPTION 'The result of inspection % was not published, so nothing is removed.', purged
            USING ERRCODE = 'check_violation';
    END IF;
    months_kept := coalesce((
        SELECT months FROM ratings_retentionperiod
        WHERE inspection_id = purged ORDER BY id DESC LIMIT 1
    ), published.months);
    due := (published.published_date + make_interval(months => months_kept))::date;
    IF due > (now() AT TIME ZONE 'Europe/London')::date THEN
        RAISE EXCEPTION 'Case content of inspection % is kept until %.', purged, due
            USING ERRCODE = 'check_violation';
    END IF;
    SELECT number, sha256 INTO head FROM ratings_historylink
        WHERE inspection_id = purged ORDER BY number DESC LIMIT 1;

    -- Histories outlive their records, so those that are gone are found by their events.
    cases := ARRAY(
        SELECT id FROM cases_case WHERE inspection_id = purged
        UNION SELECT pgh_obj_id FROM cases_caseevent WHERE inspection_id = purged
    );
    samples := ARRAY(
        SELECT id FROM cases_sample WHERE inspection_id = purged
        UNION SELECT pgh_obj_id FROM cases_sampleevent WHERE inspection_id = purged
    );
    draws := ARRAY(SELECT id FROM cases_draw WHERE sample_id = ANY(samples));
    lists := ARRAY(SELECT id FROM cases_caselist WHERE inspection_id = purged);
    links := ARRAY(
        SELECT id FROM cases_linkedcases WHERE inspection_id = purged
        UNION SELECT pgh_obj_id FROM cases_linkedcasesevent WHERE inspection_id = purged
    );
    slots := ARRAY(
        SELECT id FROM cases_interviewslot WHERE inspection_id = purged
        UNION SELECT pgh_obj_id FROM cases_interviewslotevent WHERE inspection_id = purged
    );
    comments := ARRAY(SELECT id FROM cases_comment WHERE case_id = ANY(cases));
    pieces := ARRAY(
        SELECT id FROM ratings_evidence WHERE inspection_id = purged
        UNION SELECT pgh_obj_id FROM ratings_evidenceevent WHERE inspection_id = purged
    );
    findings := ARRAY(
        SELECT id FROM ratings_finding WHERE inspection_id = purged
        UNION SELECT pgh_obj_id FROM ratings_findingevent WHERE inspection_id = purged
    );
    -- First all is counted, since the certificate comes before the removal and never changes. Each
    -- entry of a history must have its digest in the chain, or there is nothing left to verify.
    FOR pass IN 1..2 LOOP
        FOR content IN
            SELECT * FROM (VALUES
                -- What points to others goes before them.
                (1, 'cases_commentreply', 'comment_id', comments, true),
                (2, 'cases_comment', 'case_id', cases, true),
                (3, 'cases_answer', 'case_id', cases, false),
                (4, 'cases_answersave', 'case_id', cases, true),
                (5, 'cases_detailsave', 'case_id', cases, true),
                (6, 'cases_interviewedcase', 'slot_id', slots, false),
                (7, 'cases_interviewslot', 'id', slots, false),
                (8, 'cases_linkedcase', 'linked_id', links, false),
                (9, 'cases_linkedcases', 'id', links, false),
                (10, 'cases_takenout', 'case_id', cases, false),
                (11, 'cases_putback', 'case_id', cases, false),
                (12, 'cases_casesource', 'case_id', cases, false),
                (13, 'cases_drawncase', 'draw_id', draws, false),
                (14, 'cases_case', 'id', cases, false),
                (15, 'cases_draw', 'id', draws, false),
                (16, 'cases_listedcase', 'case_list_id', lists, false),
                (17, 'cases_caselist', 'id', lists, false),
                (18, 'cases_sample', 'id', samples, false),
                (19, 'cases_leadchoice', 'inspection_id', ARRAY[purged], false),
                (20, 'cases_expectedminutes', 'inspection_id', ARRAY[purged], false),
                (21, 'ratings_findingsupport', 'finding_id', findings, false),
                (22, 'ratings_finding', 'id', findings, false),
                (23, 'ratings_evidenceuse', 'evidence_id', pieces, false),
                (24, 'ratings_evidence', 'id', pieces, false),
                (30, 'cases_interviewedcaseevent', 'slot_id', slots, true),
                (31, 'cases_interviewslotevent', 'inspection_id', ARRAY[purged], true),
                (32, 'cases_linkedcaseevent', 'linked_id', links, true),
                (33, 'cases_linkedcasesevent', 'inspection_id', ARRAY[purged], true),
                (34, 'cases_takenoutevent', 'case_id', cases, true),
                (35, 'cases_putbackevent', 'case_id', cases, true),
                (36, 'cases_casesourceevent', 'case_id', cases, true),
                (37, 'cases_caseevent', 'inspection_id', ARRAY[purged], true),
                (38, 'cases_drawevent', 'sample_id', samples, true),
                (39, 'cases_caselistevent', 'inspection_id', ARRAY[purged], true),
                (40, 'cases_sampleevent', 'inspection_id', ARRAY[purged], true),
                (41, 'cases_expectedminutesevent', 'inspection_id', ARRAY[purged], true),
                (42, 'ratings_findingsupportevent', 'finding_id', findings, true),
                (43, 'ratings_findingevent', 'inspection_id', ARRAY[purged], true),
                (44, 'ratings_evidenceuseevent', 'evidence_id', pieces, true),
                (45, 'ratings_evidenceevent', 'inspection_id', ARRAY[purged], true)
            ) AS one (place, name, col, keys, is_entry)
            ORDER BY place
        LOOP
            IF pass = 1 THEN
                EXECUTE format(
                    'SELECT count(*) FROM public.%I WHERE %I = ANY($1)', content.name, content.col
                ) INTO rows_found USING content.keys;
                IF rows_found > 0 THEN
                    removed := removed || jsonb_build_object(content.name, rows_found);
                END IF;
                ignored := ignored || ARRAY(
                    SELECT tgname::text FROM pg_trigger
                    WHERE tgrelid = format('public.%I', content.name)::regclass
                        AND tgname LIKE 'pgtrigger\\_%'
                );
                CONTINUE WHEN NOT content.is_entry;
                SELECT count(*) INTO linked FROM ratings_historylink
                    WHERE inspection_id = purged AND source = content.name;
                IF linked <> rows_found THEN
                    RAISE EXCEPTION 'The chain has % entries of %, and there are %.',
                        linked, content.name, rows_found USING ERRCODE = 'check_violation';
                END IF;
                entries := entries + linked;
            ELSE
                EXECUTE format('DELETE FROM public.%I WHERE %I = ANY($1)', content.name, content.col)
                    USING content.keys;
                GET DIAGNOSTICS rows_found = ROW_COUNT;
                IF rows_found <> coalesce((removed ->> content.name)::bigint, 0) THEN
                    RAISE EXCEPTION 'The rows of % changed meanwhile.', content.name
                        USING ERRCODE = 'check_violation';
                END IF;
            END IF;
        END LOOP;
        EXIT WHEN pass = 2;
        SELECT count(*) INTO rows_found FROM cases_comment
            WHERE case_id = ANY(cases) AND resolved_at IS NOT NULL;
        SELECT count(*) INTO linked FROM ratings_historylink
            WHERE inspection_id = purged AND source = 'cases_comment resolved';
        IF linked <> rows_found THEN
            RAISE EXCEPTION 'The chain has % resolved comments, and there are %.',
                linked, rows_found USING ERRCODE = 'check_violation';
        END IF;
        entries := entries + linked;
        INSERT INTO inspections_deletioncertificate (
            inspection_id, removed_at, removed_by, database_role, seal_sha256, published_date,
            months, rows, entries, head_number, head_sha256, made_in
        ) VALUES (
            purged, clock_timestamp(), called, session_user, seal.sha256,
            published.published_date, months_kept, removed, entries, head.number, head.sha256,
            pg_current_xact_id()::text
        ) RETURNING id INTO certificate;
        -- Removals would be written into the histories, texts and all.
        PERFORM set_config('pgtrigger.ignore', ignored::text, true);
    END LOOP;
    PERFORM set_config('pgtrigger.ignore', '', true);
    RETURN certificate;
END;
$$;
REVOKE ALL ON FUNCTION ratings_purge(bigint, text) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0012_rows_that_stay"),
        ("inspections", "0016_deletion_certificates"),
        ("ratings", "0007_retention"),
    ]

    operations = [
        migrations.RunSQL(PURGE, "DROP FUNCTION ratings_purge(bigint, text)"),
    ]
